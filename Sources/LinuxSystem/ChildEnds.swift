internal import CLinux
internal import Glibc

/// Reports every child of this process that has ended, also those that it did not fork itself.
///
/// `SIGCHLD` is held back in this process from here on, and so in its children until they ``letThrough()`` it.
public struct ChildEnds: ~Copyable, Sendable {
    /// Readable once a child has ended.
    public let descriptor: Descriptor

    /// Begins to hold `SIGCHLD` back. This process must have one thread.
    public init() throws(SystemError) {
        try check("sigprocmask", clinux_block(1, SIGCHLD))
        descriptor = Descriptor(owning: try check("signalfd", clinux_signal_descriptor(SIGCHLD)))
    }

    /// Takes the status of every child that has ended by now, by its number.
    public func take() throws(SystemError) -> [(pid: Int32, end: ProcessEnd)] {
        // What is pending is one signal, however many children have ended; later ones make it pending again.
        _ = try descriptor.read(upTo: 128)
        var ends: [(pid: Int32, end: ProcessEnd)] = []
        do throws(SystemError) {
            while let ended = try waitForChild(-1, options: WNOHANG) { ends.append(ended) }
        } catch {
            guard error.code == ECHILD else { throw error }
        }
        return ends
    }

    /// In a child: `SIGCHLD` does again what it does.
    public static func letThrough() throws(SystemError) {
        try check("sigprocmask", clinux_block(0, SIGCHLD))
    }
}
