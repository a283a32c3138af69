internal import Foundation

extension Terminal {
    /// Writes text that is not ours, such as a cell's output or a page, to standard output.
    static func write(_ text: String) { write(Array(text.utf8), to: .standardOutput) }

    /// Writes bytes that are not ours to standard output.
    static func write(bytes: [UInt8]) { write(bytes, to: .standardOutput) }

    /// Says something to the person at the terminal, on standard error; it may quote what is not ours.
    static func note(_ text: String) { write(Array((text + "\n").utf8), to: .standardError) }

    /// Text that is not ours, as standard output may have it.
    static func shown(_ text: String) -> String { isatty(STDOUT_FILENO) == 1 ? text.showingControls : text }

    /// A program's input or a file gets the bytes as they are, a terminal text with its control characters shown.
    private static func write(_ bytes: [UInt8], to file: FileHandle) {
        let isTerminal = isatty(file.fileDescriptor) == 1
        let shown = isTerminal ? Data(String(decoding: bytes, as: UTF8.self).showingControls.utf8) : Data(bytes)
        try? file.write(contentsOf: shown)
    }
}

extension String {
    /// The text with pictures of control characters in their place, but for line breaks and tabs.
    ///
    /// A terminal obeys them: they set its title, fill its clipboard, and answer as if its user had typed.
    var showingControls: String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: shown.append(scalar)
            case 0..<0x20: shown.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: shown.append("\u{2421}")
            case 0x80..<0xA0: shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
