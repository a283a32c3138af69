internal import Glibc
package import LinuxSystem
package import Seccomp

extension SystemCallPolicy {
    /// What a supervisor asks of the kernel once its layers are applied; anything else does not exist (`ENOSYS`).
    ///
    /// It reads what sandboxed code writes, so it may do no more than it needs, though it keeps rights in its namespaces.
    ///
    /// - Throws: `SystemError`, where libseccomp refuses a rule.
    package static func supervisorFilter() throws(SystemError) -> SystemCallFilter {
        try SystemCallFilter(
            supervisorCalls.map { SystemCallFilter.Rule($0, action: .allow) },
            otherwise: .fail(ENOSYS)
        )
    }

    private static let supervisorCalls = [
        // Descriptors, files and time.
        "read", "write", "pread64", "close", "poll", "ppoll", "lseek", "fcntl", "dup2", "dup3", "pipe2",
        "open", "openat",
        "openat2", "fstat", "newfstatat", "getdents64", "fchown", "ftruncate", "unlinkat", "readlink", "readlinkat",
        "clock_gettime",
        "gettimeofday", "getrandom",
        // Sockets: to the daemon, to the zygote, to the interpreter, and the one for the proxy.
        "socket", "socketpair", "bind", "listen", "accept4", "connect", "setsockopt", "getsockname", "sendmsg",
        "recvmsg", "sendto", "recvfrom",
        // The processes of the session.
        "kill", "pidfd_open", "pidfd_send_signal", "wait4", "waitid",
        // What the C library and the Swift runtime need, also to end badly.
        "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "futex", "rt_sigaction", "rt_sigprocmask",
        "rt_sigreturn", "sigaltstack", "getpid", "gettid", "getuid", "tgkill", "sched_yield", "restart_syscall", "exit",
        "exit_group",
    ]
}
