internal import CLinux
internal import Glibc
public import LinuxSystem

/// A pseudo-terminal: what is written to one end is read from the other, by the rules of a terminal. Source: pty(7).
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct Terminal: ~Copyable, Sendable {
    /// The end of the program that stands for the terminal.
    public let master: Descriptor
    /// The end of the program that runs in it.
    public let slave: Descriptor

    /// Opens one through `multiplexer`, the `ptmx` of a devpts; close-on-exec.
    ///
    /// - Throws: `ENOSPC` if the devpts has as many as it may.
    public init(through multiplexer: String) throws(SystemError) {
        var number: CInt = -1
        let result = unsafe clinux_open_terminal(multiplexer, &number)
        master = Descriptor(owning: try check("open \(multiplexer)", result))
        slave = Descriptor(owning: number)
    }

    /// Keeps the master only.
    public consuming func intoMaster() -> Descriptor { master }

    /// Sets the size of the terminal whose master this is, in characters; its foreground group gets `SIGWINCH`.
    public static func resize(_ master: borrowing Descriptor, rows: UInt16, columns: UInt16) throws(SystemError) {
        try check("resize terminal", clinux_resize_terminal(master.number, rows, columns))
    }

    /// The process group in the foreground of the terminal whose master this is; nil if there is no such group.
    public static func foregroundGroup(of master: borrowing Descriptor) -> Int32? {
        let group = tcgetpgrp(master.number)
        return group > 0 ? group : nil
    }

    /// Makes the terminal whose slave this is the controlling one of this process, which leads a new session.
    public static func control(_ slave: borrowing Descriptor) throws(SystemError) {
        try check("control terminal", clinux_control_terminal(slave.number))
    }
}
