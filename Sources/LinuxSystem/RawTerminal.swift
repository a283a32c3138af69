internal import CLinux

/// A terminal of this process that passes every byte on, while this value lives.
///
/// No key means anything to it: ^C is a byte like others, and nothing is shown that a program has not written.
public final class RawTerminal: Sendable {
    private let number: CInt
    private let saved: [UInt8]

    /// Sets the terminal that descriptor `number` is open for; how it was comes back when this value goes.
    ///
    /// - Throws: `ENOTTY` if it is no terminal.
    public init(_ number: CInt) throws(SystemError) {
        var saved = [UInt8](repeating: 0, count: Int(clinux_terminal_state_bytes()))
        try check("set terminal", unsafe clinux_make_raw(number, &saved))
        self.number = number
        self.saved = saved
    }

    deinit { _ = unsafe clinux_restore_terminal(number, saved) }

    /// The lines and columns of the terminal that a descriptor is open for; nil if it is not a terminal, or has no size.
    public static func size(of number: CInt) -> (rows: UInt16, columns: UInt16)? {
        var (rows, columns): (UInt16, UInt16) = (0, 0)
        guard unsafe clinux_terminal_size(number, &rows, &columns) == 0, rows > 0, columns > 0 else { return nil }
        return (rows, columns)
    }
}
