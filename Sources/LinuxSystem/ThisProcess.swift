internal import CLinux
internal import Glibc

/// What a process does to itself for good.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public enum ThisProcess: Sendable {
    /// No program run from here on gains rights by its file's bits.
    public static func forbidNewPrivileges() throws(SystemError) {
        try check("prctl", clinux_set_no_new_privileges())
    }

    /// Becomes the program that the first word names, looked for as a shell would, with these words. Returns only by
    /// throwing.
    public static func execute(_ words: [String]) throws(SystemError) -> Never {
        precondition(!words.isEmpty, "no program")
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        unsafe execvp(words[0], &arguments)
        throw SystemError("execvp \(words[0])", code: errno)
    }

    /// Ends now, without running anything that was left to be run at exit.
    public static func exit(_ status: CInt) -> Never { _exit(status) }

    /// The user this process acts as.
    public static var user: UInt32 { geteuid() }
    /// The group this process acts as.
    public static var group: UInt32 { getegid() }
    /// The process's number.
    public static var pid: Int32 { getpid() }
}
