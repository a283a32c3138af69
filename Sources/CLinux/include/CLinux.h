// The Linux calls that Glibc's Swift module hides (_GNU_SOURCE, variadics, bare system calls).
// Every function returns >= 0, or -errno. No function decides anything or allocates.
#ifndef CLINUX_H
#define CLINUX_H

#include <fts.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Clones this process, which must have one thread, into new namespaces (CLONE_NEW* in `flags`).
// Returns the child's pid and its pidfd in `*pidfd`, or 0 in the child. The C library's idea of the thread id stays true.
// The child is born into the control group `directory`, an open directory of the unified hierarchy, unless that is negative.
int clinux_clone(uint64_t flags, int directory, int *pidfd);
// Forks as the C library does.
int clinux_fork(void);
// Forks this process, which must have one thread, into a control group: an open directory of the unified hierarchy.
// Handlers of pthread_atfork are not called. The C library's idea of the thread id stays true.
int clinux_fork_into_group(int directory);
int clinux_unshare(int flags);
// Enters the namespace that `descriptor`, an open /proc/PID/ns file, stands for.
int clinux_setns(int descriptor);

enum { CLINUX_DESCRIPTORS_MAX = 16 };
// Sends one message with some bytes and `count` descriptors, at most CLINUX_DESCRIPTORS_MAX; the sender keeps its own.
int clinux_send_descriptors(int socket, const void *bytes, size_t byte_count, const int *descriptors, int count);
// Receives one such message into `*byte_count` bytes, which then says how many came: 0 at the end of the stream. Returns how
// many descriptors did, close-on-exec; 0 for a message without any.
int clinux_receive_descriptors(int socket, void *bytes, size_t *byte_count, int *descriptors);
// Listens on a TCP port of 127.0.0.1.
int clinux_listen_loopback(uint16_t port);

// Overwrites every variable of the environment, and forgets them.
void clinux_erase_environment(void);
// Changes how the memory from `start` on may be accessed: PROT_ values.
int clinux_protect(uintptr_t start, size_t count, int access);
// Asks the kernel to back the memory from `start` on with huge pages; it may refuse.
int clinux_collapse(uintptr_t start, size_t count);

int clinux_pidfd_open(pid_t pid);
int clinux_pidfd_send_signal(int pidfd, int signal);

int clinux_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
// Adds MOUNT_ATTR_* `attributes` to a mount, and to all below it if `recursive`.
int clinux_mount_setattr(const char *path, int recursive, uint64_t attributes);
// A copy of the mount at `path`, from there down and without the mounts below it, that is attached nowhere; close-on-exec.
// Unless `users` is negative, owners of its files count as IDs of that user namespace.
int clinux_copy_mount(const char *path, int users);
// Attaches such a copy at `path`.
int clinux_attach_mount(int mount, const char *path);
// Makes a place in a lower directory of an overlay where what lies below it does not show.
int clinux_make_whiteout(const char *path);
// Makes the directory `path` the root, and detaches what was.
int clinux_pivot_root(const char *path);

int clinux_close_range(unsigned first, unsigned last);
int clinux_pipe(int descriptors[2], int flags);
int clinux_accept(int listener, int flags);
int clinux_fcntl(int descriptor, int command, long argument);
// Takes shared locks of both kinds on all of a file, for as long as it is open.
int clinux_share_locks(int descriptor);
int clinux_open(const char *path, int flags, mode_t mode);
// Opens `path` below `directory`, through no symbolic link and never above it.
int clinux_open_beneath(int directory, const char *path, int flags, mode_t mode);
// Opens `path` as if `directory` were the root: no symbolic link and no .. leads out of it, or onto another file system.
int clinux_open_in_root(int directory, const char *path, int flags, mode_t mode);
// Whether a descriptor is of a regular file; its size in `*bytes`, the time of its last change in ns in `*modified`.
int clinux_regular_file(int descriptor, int64_t *bytes, int64_t *modified);
// Renames a file to a name that is not taken.
int clinux_rename_new(const char *from, const char *to);
// Lets two files exchange their names.
int clinux_exchange(const char *first, const char *second);
// Opens a new pseudo-terminal through `multiplexer`, a devpts's ptmx. Returns the master; the slave is in `*slave`. Both are
// close-on-exec.
int clinux_open_terminal(const char *multiplexer, int *slave);
int clinux_resize_terminal(int master, uint16_t rows, uint16_t columns);
// Makes `slave` the terminal of this process, which leads a session that has none.
int clinux_control_terminal(int slave);
// Runs the program that the first argument names, looked for in the PATH of `environment`. Returns only if it cannot.
int clinux_execute_words(char *const arguments[], char **environment);
int clinux_change_directory(const char *path);
// Gives every signal its default action, and blocks none.
void clinux_reset_signals(void);
int clinux_change_owner(int descriptor, uid_t uid, gid_t gid);
int clinux_random(void *bytes, size_t count);

// Brings up the loopback interface of this network namespace.
int clinux_loopback_up(void);

int clinux_set_dumpable(int dumpable);
int clinux_set_parent_death_signal(int signal);
int clinux_set_no_new_privileges(void);
// Empties every capability set, the bounding set included.
int clinux_drop_capabilities(void);
// Becomes a user with the capabilities in `kept` (bits by number) alone, and lets programs it runs inherit them. For the
// calling thread; the program has to be executed again for all of them.
int clinux_become_with(uid_t uid, gid_t gid, uint64_t kept);
// Whether this thread has a capability.
int clinux_has_capability(int capability);
// Makes the allocator give blocks of at least `bytes` bytes back to the kernel when they are freed, whatever was freed before.
int clinux_return_large_blocks(int bytes);
// Sets a terminal to pass every byte on, and keeps how it was in `saved`, of clinux_terminal_state_bytes bytes.
int clinux_terminal_state_bytes(void);
int clinux_make_raw(int terminal, void *saved);
int clinux_restore_terminal(int terminal, const void *saved);
int clinux_terminal_size(int terminal, uint16_t *rows, uint16_t *columns);
// Whether an open file has an extended attribute with this name and a value.
int clinux_has_attribute(int descriptor, const char *name);
int clinux_set_ids(uid_t uid, gid_t gid);
// As clinux_set_ids, but the saved user stays.
int clinux_set_effective_ids(uid_t uid, gid_t gid);
// Makes files from here on as another user and group. The capabilities stay.
int clinux_set_file_ids(uid_t uid, gid_t gid);
int clinux_set_name(const char *name);

// Installs a seccomp filter, a BPF program of `bytes` bytes, for good.
int clinux_install_filter(const void *program, size_t bytes);
// A file in memory, close-on-exec, that can be sealed.
int clinux_memory_file(const char *name);
// Forbids for good that a program in memory changes, or its mode.
int clinux_seal_program(int descriptor);
// Runs the program that `descriptor` is open for in this process, with its arguments and environment. Returns only if it cannot.
int clinux_execute(int descriptor, char *const arguments[]);

// Denies abstract Unix sockets and signals across the border of this process and its future children, by Landlock.
// -EOPNOTSUPP where the kernel has no such scope (before 6.12).
int clinux_landlock_scope(void);
// The kernel's Landlock version, or -errno.
int clinux_landlock_version(void);

// Waits for a child as waitpid does; `*is_signaled` says whether `*value` is a signal or a status.
int clinux_wait(pid_t pid, int options, int *is_signaled, int *value);

// Blocks a signal for this thread, or unblocks it.
int clinux_block(int is_blocked, int signal);
// A descriptor, close-on-exec and not blocking, that is readable while `signal` is blocked and pending.
int clinux_signal_descriptor(int signal);

struct pollfd;
// Waits as ppoll does; without limit if `microseconds` is negative.
int clinux_poll(struct pollfd *entries, size_t count, int64_t microseconds);

enum clinux_limit {
    CLINUX_LIMIT_CORE,
    CLINUX_LIMIT_DATA,
    CLINUX_LIMIT_PROCESSES,
    CLINUX_LIMIT_FILE_SIZE,
    CLINUX_LIMIT_DESCRIPTORS,
    CLINUX_LIMIT_LOCKED_MEMORY,
    CLINUX_LIMIT_MESSAGE_QUEUES,
    CLINUX_LIMIT_PENDING_SIGNALS,
    CLINUX_LIMIT_NICE,
    CLINUX_LIMIT_REALTIME_PRIORITY,
};
// Sets both limits to `value`, or to the hard limit where that is lower.
int clinux_set_limit(enum clinux_limit limit, uint64_t value);
// Raises the soft limit on descriptors to the hard one.
int clinux_raise_descriptors(void);

#endif
