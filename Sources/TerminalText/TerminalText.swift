/// What a program writes to its terminal, as the text that a person would have read there.
///
/// Carriage returns, backspaces and the sequences that edit a line have happened; colors, titles and all other sequences
/// are gone. The text has no control character but `\n` and `\t`. A line comes out when it has ended, since until then
/// the program may still change it; ``flush()`` gives what has not ended. What moves to another line of the screen ends
/// the line: full-screen programs become one line for each place that they write to.
///
/// Memory is bounded by one line of at most 16 384 columns. Source: ECMA-48, and xterm's "Control Sequences".
public struct TerminalText: Sendable {
    private var decoder = UTF8Decoder()
    private var parser = SequenceParser()
    private var line: TerminalLine

    /// The text of a terminal that is `columns` wide and at the beginning of a line.
    public init(columns: Int = 80) {
        precondition((1...1000).contains(columns), "a terminal of \(columns) columns")
        line = TerminalLine(columns: columns)
    }

    /// Takes what the program wrote, and gives the lines that have ended since, each with its `\n`.
    ///
    /// It does not matter how the bytes are cut into pieces. What is not UTF-8 becomes U+FFFD.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        for scalar in decoder.decode(bytes).unicodeScalars { take(scalar) }
        return line.takeOutput()
    }

    /// Gives the beginning of the line that has not ended.
    ///
    /// If the program only adds to it, the next text goes on where this ends; if the program rewrites it, the next text has
    /// the whole line.
    public mutating func flush() -> String {
        line.show()
        return line.takeOutput()
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        switch parser.take(scalar) {
        case nil: break
        case .print(let scalar): line.print(scalar)
        case .lineFeed: line.end()
        case .carriageReturn: line.moveToRowStart()
        case .backspace: line.moveLeft(1)
        case .tab: line.tab()
        case .otherLine: line.breakOff()
        case .control(let final, let parameters): line.control(final, parameters)
        }
    }
}
