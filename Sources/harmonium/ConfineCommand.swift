internal import ArgumentParser
internal import Foundation
internal import LinuxSystem
internal import Seccomp

/// `harmonium confine PROGRAM …`: becomes a program that cannot ask the kernel for what reading a document never needs,
/// and whose crashes start no program of the machine's.
///
/// It is for the daemon itself: see ``ConfinedReader``, and ``Unprivileged`` for Chromium, which has a filter of its own
/// and needs no more than `--only-cores`.
struct ConfineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confine",
        abstract: "Run a program without sockets, tracing and the like.",
        shouldDisplay: false
    )

    @Flag(help: "Refuse nothing but another limit on cores.")
    var onlyCores = false

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var words: [String]

    func run() async throws {
        do throws(SystemError) {
            let refused = SystemCallFilter.keepingCoreLimit + (onlyCores ? [] : Self.refused)
            let filter = try SystemCallFilter(refused, otherwise: .allow)
            try CoreDumps.refuse()
            try ThisProcess.forbidNewPrivileges()
            // The filter and the program are this thread's: nothing is awaited between them.
            try filter.install()
            try ThisProcess.execute(words)
        } catch {
            FileHandle.standardError.write(Data("confine: \(error)\n".utf8))
            throw ExitCode(error.code == ENOENT ? 127 : 126)
        }
    }

    /// What was a way out of a process, or into the kernel, and has no part in reading: none of it is needed to make
    /// namespaces and another root either.
    private static var refused: [SystemCallFilter.Rule] {
        calls.map { SystemCallFilter.Rule($0, action: .fail(EPERM)) } + namespaces
    }

    private static let calls = [
        // Other machines, and other processes on this one.
        "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg", "sendto",
        "msgget", "msgsnd", "msgrcv", "semget", "semop", "shmget", "shmat", "mq_open", "mq_unlink",
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_open", "pidfd_getfd",
        "pidfd_send_signal", "setns", "perf_event_open", "fanotify_init", "inotify_init", "inotify_init1",
        "open_by_handle_at", "name_to_handle_at",
        // Large parts of the kernel.
        "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "add_key", "request_key",
        "keyctl",
        "memfd_create", "memfd_secret", "vmsplice", "splice", "tee", "personality", "modify_ldt", "migrate_pages",
        "move_pages", "mbind", "set_mempolicy", "io_setup", "io_submit",
        "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount", "mount_setattr",
        // The machine.
        "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff",
        "acct", "quotactl", "syslog", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "iopl", "ioperm",
        "sethostname", "setdomainname", "vhangup", "uselib", "nfsservctl", "lookup_dcookie",
    ]

    /// Root needs no user namespace to make the others, and gets none: rights can be had in it.
    private static var namespaces: [SystemCallFilter.Rule] {
        let newUser: UInt64 = 0x1000_0000
        let calls = ThisProcess.user == 0 ? ["clone", "unshare"] : ["clone"]
        return calls.map { .init($0, .argument(0, mask: newUser, is: newUser), action: .fail(EPERM)) }
            + [.init("clone3", action: .fail(ENOSYS))]
    }
}
