internal import CLinux
internal import Glibc

/// The memory of a process that crashes, which this machine may write to a file or hand to a program of root's.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public enum CoreDumps: Sendable {
    /// What gets it, as in core(5).
    public enum Receiver: Equatable, Sendable {
        /// A file, if the limit on cores allows one.
        case file
        /// A program that the kernel starts as root, unless the limit is exactly one byte; a limit of 0 does not stop it.
        case program
        /// A socket that the kernel connects to, whatever the limit.
        case socket
    }

    /// What this machine does with it, as in core(5).
    public static var pattern: String {
        ((try? Files.readText("/proc/sys/kernel/core_pattern")) ?? "").split(whereSeparator: \.isNewline).first
            .map(String.init) ?? ""
    }

    /// What gets it on this machine.
    public static var receiver: Receiver { receiver(ofPattern: pattern) }

    /// What gets it where `kernel.core_pattern` is `pattern`.
    public static func receiver(ofPattern pattern: String) -> Receiver {
        switch pattern.first {
        case "|": .program
        case "@": .socket
        default: .file
        }
    }

    /// Holds this process and its future children to a limit of one byte, for good.
    ///
    /// The kernel begins no file that could hold no more, and starts no program: by one byte it recognizes a helper that
    /// crashes itself. Source: `do_coredump` of Linux. A hard limit of 0 stays 0.
    public static func refuse() throws(SystemError) {
        try check("setrlimit", clinux_set_limit(CLINUX_LIMIT_CORE, 1))
    }

    /// Whether a crash of this process stays between it and its parent.
    public static var areRefused: Bool {
        switch receiver {
        case .file: limit.rlim_cur <= 1
        case .program: limit.rlim_cur == 1
        case .socket: false
        }
    }

    private static var limit: rlimit {
        var limit = rlimit()
        let result = unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        precondition(result == 0, "getrlimit: \(errno)")
        return limit
    }
}
