internal import CLinux
internal import Glibc
public import LinuxSystem

/// Reaps every child of this process that has ended, also those that it did not fork itself.
///
/// `SIGCHLD` is blocked in this process from here on, and in its children until they call ``restoreSignal()``.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct ChildReaper: ~Copyable, Sendable {
    /// Readable once a child has ended.
    public let descriptor: Descriptor

    /// Blocks `SIGCHLD`. This process must have one thread.
    public init() throws(SystemError) {
        try check("sigprocmask", clinux_block(1, SIGCHLD))
        descriptor = Descriptor(owning: try check("signalfd", clinux_signal_descriptor(SIGCHLD)))
    }

    /// Collects the exit status of every child that has ended by now, with its pid.
    public func reap() throws(SystemError) -> [(pid: Int32, end: ProcessEnd)] {
        // What is pending is one signal, however many children have ended; later ones make it pending again.
        _ = try descriptor.read(upTo: 128)
        var ends: [(pid: Int32, end: ProcessEnd)] = []
        while let ended = try reapChild() { ends.append(ended) }
        return ends
    }

    /// In a child: unblocks `SIGCHLD`.
    public static func restoreSignal() throws(SystemError) {
        try check("sigprocmask", clinux_block(0, SIGCHLD))
    }
}
