internal import TerminalText

/// What the terminals of a machine show, by their names.
///
/// A machine has one of these and no use for it: the text of a terminal goes on from call to call.
public actor Terminals {
    private var texts: [String: TerminalText] = [:]

    /// No terminal.
    public init() {}

    /// Begins with an empty screen.
    func open(_ name: String) { texts[name] = TerminalText() }

    /// Forgets a terminal that has ended.
    func close(_ name: String) { texts[name] = nil }

    /// The lines that have ended with these bytes.
    func append(_ bytes: [UInt8], to name: String) -> String {
        texts[name, default: TerminalText()].append(bytes)
    }

    /// The beginning of the line that has not ended.
    func flush(_ name: String) -> String { texts[name, default: TerminalText()].flush() }
}
