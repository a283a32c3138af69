#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>

// Kernel ABI that older C library headers lack.
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x20
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef LANDLOCK_CREATE_RULESET_VERSION
#define LANDLOCK_CREATE_RULESET_VERSION 1
#endif

struct clone3_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
static const uint64_t INTO_CGROUP = 0x200000000; // CLONE_INTO_CGROUP
struct mount_attributes {
    uint64_t set, clear, propagation, userns;
};
// As of ABI 6: the scope came after the two access masks.
struct scoped_ruleset {
    uint64_t filesystem, network, scoped;
};
enum { SCOPE_ABSTRACT_UNIX_SOCKET = 1, SCOPE_SIGNAL = 2, SCOPE_ABI = 6 };

static int checked(long result) {
    return result < 0 ? -errno : (int)result;
}

static int clone_with(struct clone3_arguments arguments) {
    int *tid = NULL;
    if (prctl(PR_GET_TID_ADDRESS, &tid) != 0) return -errno;
    arguments.flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    arguments.child_tid = (uint64_t)(uintptr_t)tid;
    arguments.exit_signal = SIGCHLD;
    return checked(syscall(SYS_clone3, &arguments, sizeof arguments));
}

int clinux_clone(uint64_t flags, int directory, int *pidfd) {
    struct clone3_arguments arguments = {.flags = flags | CLONE_PIDFD, .pidfd = (uint64_t)(uintptr_t)pidfd};
    if (directory >= 0) {
        arguments.flags |= INTO_CGROUP;
        arguments.cgroup = (uint64_t)directory;
    }
    return clone_with(arguments);
}

int clinux_fork_into_group(int directory) {
    return clone_with((struct clone3_arguments){.flags = INTO_CGROUP, .cgroup = (uint64_t)directory});
}

int clinux_fork(void) { return checked(fork()); }
int clinux_unshare(int flags) { return checked(unshare(flags)); }
int clinux_setns(int descriptor) { return checked(setns(descriptor, 0)); }
int clinux_pidfd_open(pid_t pid) { return checked(syscall(SYS_pidfd_open, pid, 0)); }
int clinux_pidfd_send_signal(int pidfd, int signal) {
    return checked(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int clinux_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
    return checked(mount(source, target, type, flags, data));
}

int clinux_mount_setattr(const char *path, int recursive, uint64_t attributes) {
    struct mount_attributes change = {.set = attributes};
    return checked(syscall(SYS_mount_setattr, AT_FDCWD, path, recursive ? AT_RECURSIVE : 0, &change, sizeof change));
}

// OPEN_TREE_CLONE, MOUNT_ATTR_IDMAP, MOVE_MOUNT_F_EMPTY_PATH
enum { COPY_TREE = 1, MAP_OWNERS = 0x100000, MOVE_FROM_DESCRIPTOR = 4 };

int clinux_copy_mount(const char *path, int users) {
    int mount = checked(syscall(SYS_open_tree, AT_FDCWD, path, COPY_TREE | O_CLOEXEC));
    if (mount < 0 || users < 0) return mount;
    struct mount_attributes change = {.set = MAP_OWNERS, .userns = (uint64_t)users};
    int result = checked(syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, &change, sizeof change));
    if (result >= 0) return mount;
    close(mount);
    return result;
}

int clinux_attach_mount(int mount, const char *path) {
    return checked(syscall(SYS_move_mount, mount, "", AT_FDCWD, path, MOVE_FROM_DESCRIPTOR));
}

int clinux_make_whiteout(const char *path) { return checked(mknod(path, S_IFCHR, 0)); }

int clinux_pivot_root(const char *path) {
    if (chdir(path) != 0) return -errno;
    if (syscall(SYS_pivot_root, ".", ".") != 0) return -errno;
    if (umount2(".", MNT_DETACH) != 0) return -errno;
    return checked(chdir("/"));
}

int clinux_close_range(unsigned first, unsigned last) { return checked(syscall(SYS_close_range, first, last, 0)); }
int clinux_pipe(int descriptors[2], int flags) { return checked(pipe2(descriptors, flags)); }
int clinux_accept(int listener, int flags) { return checked(accept4(listener, NULL, NULL, flags)); }
int clinux_fcntl(int descriptor, int command, long argument) { return checked(fcntl(descriptor, command, argument)); }
int clinux_share_locks(int descriptor) {
    // Of the whole file. One that belongs to the open file, not to this process, which may close others of it.
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    if (flock(descriptor, LOCK_SH | LOCK_NB) != 0) return -errno;
    return checked(fcntl(descriptor, F_OFD_SETLK, &range));
}
int clinux_open(const char *path, int flags, mode_t mode) { return checked(open(path, flags, mode)); }

int clinux_random(void *bytes, size_t count) {
    ssize_t got = getrandom(bytes, count, 0);
    if (got < 0) return -errno;
    return (size_t)got == count ? 0 : -EIO;
}

int clinux_set_dumpable(int dumpable) { return checked(prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0)); }
int clinux_set_parent_death_signal(int signal) { return checked(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)); }
int clinux_set_no_new_privileges(void) { return checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }
int clinux_set_file_ids(uid_t uid, gid_t gid) {
    setfsgid(gid);
    setfsuid(uid);
    if (setfsuid(-1) != (int)uid || setfsgid(-1) != (int)gid) return -EPERM;
    // From root to another user the kernel takes the capabilities over files away.
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return -errno;
    for (int half = 0; half < 2; half++) sets[half].effective = sets[half].permitted;
    return checked(syscall(SYS_capset, &header, sets));
}

int clinux_set_name(const char *name) { return checked(prctl(PR_SET_NAME, name, 0, 0, 0)); }

int clinux_drop_capabilities(void) {
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -errno;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return -errno;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}, {0}};
    return checked(syscall(SYS_capset, &header, none));
}

int clinux_return_large_blocks(int bytes) {
    return mallopt(M_MMAP_THRESHOLD, bytes) && mallopt(M_TRIM_THRESHOLD, bytes) ? 0 : -EINVAL;
}

int clinux_terminal_state_bytes(void) { return sizeof(struct termios); }

int clinux_make_raw(int terminal, void *saved) {
    struct termios state;
    if (tcgetattr(terminal, &state) != 0) return -errno;
    memcpy(saved, &state, sizeof state);
    cfmakeraw(&state);
    return checked(tcsetattr(terminal, TCSADRAIN, &state));
}

int clinux_restore_terminal(int terminal, const void *saved) {
    return checked(tcsetattr(terminal, TCSADRAIN, saved));
}

int clinux_terminal_size(int terminal, uint16_t *rows, uint16_t *columns) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) != 0) return -errno;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int clinux_has_attribute(int descriptor, const char *name) { return fgetxattr(descriptor, name, NULL, 0) > 0; }

static int set_ids(uid_t uid, gid_t gid, uid_t saved_uid) {
    // Where setgroups is denied (a user namespace made without privilege), there is no list to empty.
    if (setgroups(0, NULL) != 0 && errno != EPERM) return -errno;
    if (setresgid(gid, gid, gid) != 0) return -errno;
    return checked(setresuid(uid, uid, saved_uid));
}

int clinux_set_ids(uid_t uid, gid_t gid) { return set_ids(uid, gid, uid); }

int clinux_set_effective_ids(uid_t uid, gid_t gid) { return set_ids(uid, gid, -1); }

int clinux_landlock_version(void) {
    return checked(syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION));
}

int clinux_landlock_scope(void) {
    int version = clinux_landlock_version();
    if (version < SCOPE_ABI) return version < 0 ? version : -EOPNOTSUPP;
    struct scoped_ruleset ruleset = {.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL};
    int descriptor = (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof ruleset, 0);
    if (descriptor < 0) return -errno;
    int result = checked(syscall(SYS_landlock_restrict_self, descriptor, 0));
    close(descriptor);
    return result;
}

int clinux_wait(pid_t pid, int options, int *is_signaled, int *value) {
    int status = 0;
    pid_t waited = waitpid(pid, &status, options);
    if (waited <= 0) return checked(waited);
    *is_signaled = WIFSIGNALED(status);
    *value = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return waited;
}

int clinux_block(int is_blocked, int signal) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, signal);
    return checked(sigprocmask(is_blocked ? SIG_BLOCK : SIG_UNBLOCK, &signals, NULL));
}

int clinux_signal_descriptor(int signal) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, signal);
    return checked(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

int clinux_poll(struct pollfd *entries, size_t count, int64_t microseconds) {
    struct timespec limit = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
    return checked(ppoll(entries, count, microseconds < 0 ? NULL : &limit, NULL));
}

int clinux_set_limit(enum clinux_limit limit, uint64_t value) {
    static const int resources[] = {
        [CLINUX_LIMIT_CORE] = RLIMIT_CORE,
        [CLINUX_LIMIT_DATA] = RLIMIT_DATA,
        [CLINUX_LIMIT_PROCESSES] = RLIMIT_NPROC,
        [CLINUX_LIMIT_FILE_SIZE] = RLIMIT_FSIZE,
        [CLINUX_LIMIT_DESCRIPTORS] = RLIMIT_NOFILE,
        [CLINUX_LIMIT_LOCKED_MEMORY] = RLIMIT_MEMLOCK,
        [CLINUX_LIMIT_MESSAGE_QUEUES] = RLIMIT_MSGQUEUE,
        [CLINUX_LIMIT_PENDING_SIGNALS] = RLIMIT_SIGPENDING,
        [CLINUX_LIMIT_NICE] = RLIMIT_NICE,
        [CLINUX_LIMIT_REALTIME_PRIORITY] = RLIMIT_RTPRIO,
    };
    struct rlimit current;
    if (getrlimit(resources[limit], &current) != 0) return -errno;
    rlim_t allowed = value < current.rlim_max ? value : current.rlim_max;
    struct rlimit wanted = {.rlim_cur = allowed, .rlim_max = allowed};
    return checked(setrlimit(resources[limit], &wanted));
}

int clinux_protect(uintptr_t start, size_t count, int access) {
    return checked(mprotect((void *)start, count, access));
}
int clinux_collapse(uintptr_t start, size_t count) { return checked(madvise((void *)start, count, MADV_COLLAPSE)); }

// Room for the descriptors of one message, aligned as the kernel wants it.
union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(CLINUX_DESCRIPTORS_MAX * sizeof(int))];
};

int clinux_send_descriptors(int socket, const void *bytes, size_t byte_count, const int *descriptors, int count) {
    union control control = {0};
    struct iovec body = {.iov_base = (void *)bytes, .iov_len = byte_count};
    struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = &control};
    if (count < 0 || count > CLINUX_DESCRIPTORS_MAX || byte_count < 1) return -EINVAL;
    if (count == 0) return checked(send(socket, bytes, byte_count, MSG_NOSIGNAL));
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    return checked(sendmsg(socket, &message, MSG_NOSIGNAL));
}

int clinux_receive_descriptors(int socket, void *bytes, size_t *byte_count, int *descriptors) {
    union control control = {0};
    struct iovec body = {.iov_base = bytes, .iov_len = *byte_count};
    struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (count < 0) return checked(count);
    *byte_count = (size_t)count;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_type != SCM_RIGHTS) return 0;
    int received = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(descriptors, CMSG_DATA(header), received * sizeof(int));
    return received;
}

int clinux_listen_loopback(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -errno;
    int result = bind(listener, (struct sockaddr *)&address, sizeof address);
    if (result == 0) result = listen(listener, 64);
    if (result == 0) return listener;
    result = -errno;
    close(listener);
    return result;
}

int clinux_install_filter(const void *program, size_t bytes) {
    struct sock_fprog filter = {
        .len = (unsigned short)(bytes / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *)program,
    };
    return checked(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
}

void clinux_erase_environment(void) {
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) explicit_bzero(*entry, strlen(*entry));
    clearenv();
}

int clinux_memory_file(const char *name) { return checked(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)); }
int clinux_seal_program(int descriptor) {
    // Every user may run it, and none may write to it, nor change its mode.
    if (fchmod(descriptor, 0555) != 0) return -errno;
    // Kernels before 6.3 do not know this one, which keeps the mode.
    fcntl(descriptor, F_ADD_SEALS, F_SEAL_EXEC);
    return checked(fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
}
int clinux_execute(int descriptor, char *const arguments[]) {
    return checked(fexecve(descriptor, arguments, environ));
}

int clinux_raise_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    limit.rlim_cur = limit.rlim_max;
    return checked(setrlimit(RLIMIT_NOFILE, &limit));
}

int clinux_open_beneath(int directory, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)(unsigned)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    return checked(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

int clinux_open_in_root(int directory, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)(unsigned)flags,
        .mode = mode,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    return checked(syscall(SYS_openat2, directory, path, &how, sizeof how));
}

int clinux_regular_file(int descriptor, int64_t *bytes, int64_t *modified) {
    struct stat about;
    if (fstat(descriptor, &about) != 0) return -errno;
    *bytes = about.st_size;
    *modified = (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
    return S_ISREG(about.st_mode);
}

int clinux_rename_new(const char *from, const char *to) {
    return checked(renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE));
}

int clinux_exchange(const char *first, const char *second) {
    return checked(renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE));
}

int clinux_change_owner(int descriptor, uid_t uid, gid_t gid) { return checked(fchown(descriptor, uid, gid)); }

int clinux_open_terminal(const char *multiplexer, int *slave) {
    int master = open(multiplexer, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -errno;
    int unlocked = 0;
    int result = checked(ioctl(master, TIOCSPTLCK, &unlocked));
    // By the master and not by a path, which may lead elsewhere.
    if (result >= 0) result = checked(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (result < 0) {
        close(master);
        return result;
    }
    *slave = result;
    return master;
}

int clinux_resize_terminal(int master, uint16_t rows, uint16_t columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return checked(ioctl(master, TIOCSWINSZ, &size));
}

int clinux_control_terminal(int slave) { return checked(ioctl(slave, TIOCSCTTY, 0)); }

int clinux_execute_words(char *const arguments[], char **environment) {
    environ = environment;
    return checked(execvp(arguments[0], arguments));
}

int clinux_change_directory(const char *path) { return checked(chdir(path)); }

void clinux_reset_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int clinux_loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0) return -errno;
    int result = checked(ioctl(control, SIOCSIFFLAGS, &request));
    close(control);
    return result;
}

static int set_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    uint32_t low = (uint32_t)kept, high = (uint32_t)(kept >> 32);
    struct __user_cap_data_struct sets[2] = {
        {.effective = low, .permitted = low, .inheritable = low},
        {.effective = high, .permitted = high, .inheritable = high},
    };
    return checked(syscall(SYS_capset, &header, sets));
}

int clinux_become_with(uid_t uid, gid_t gid, uint64_t kept) {
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (!(kept >> capability & 1) && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -errno;
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return -errno;
    int result = clinux_set_ids(uid, gid);
    if (result == 0) result = set_capabilities(kept);
    for (int capability = 0; result == 0 && capability < 64; capability++)
        if (kept >> capability & 1) result = checked(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
    return result;
}

int clinux_has_capability(int capability) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return -errno;
    return sets[capability / 32].effective >> (capability % 32) & 1;
}
