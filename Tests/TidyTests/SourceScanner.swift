/// Tells code from comments and from what stands in quotes, and knows no more of Swift than that.
///
/// A regular expression in bare slashes is read as code; write `#/…/#` where it holds a quote or a brace.
struct SourceScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var codeBytes: [UInt8]
    private var commentBytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
        codeBytes = bytes.map { $0 == .newline ? .newline : .space }
        commentBytes = codeBytes
    }

    /// The text, with all but code blank.
    var code: String { String(decoding: codeBytes, as: UTF8.self) }

    /// The text, with all but comments blank.
    var comments: String { String(decoding: commentBytes, as: UTF8.self) }

    mutating func scan() {
        scanCode(inInterpolation: false)
    }

    /// Goes to the end, or in an interpolation to the parenthesis that closes it.
    private mutating func scanCode(inInterpolation: Bool) {
        var depth = 0
        while position < bytes.count {
            if starts(with: "//") {
                scanLineComment()
            } else if starts(with: "/*") {
                scanBlockComment()
            } else if let delimiter = openingDelimiter() {
                scanQuoted(delimiter)
            } else {
                if inInterpolation, depth == 0, starts(with: ")") { return }
                depth += starts(with: "(") ? 1 : starts(with: ")") ? -1 : 0
                codeBytes[position] = bytes[position]
                position += 1
            }
        }
    }

    private mutating func scanLineComment() {
        while position < bytes.count, bytes[position] != .newline {
            keepComment(1)
        }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            let opens = starts(with: "/*")
            let closes = starts(with: "*/")
            depth += opens ? 1 : closes ? -1 : 0
            keepComment(opens || closes ? 2 : 1)
        } while depth > 0 && position < bytes.count
    }

    private mutating func keepComment(_ count: Int) {
        for _ in 0..<count {
            commentBytes[position] = bytes[position]
            position += 1
        }
    }

    private mutating func scanQuoted(_ delimiter: Delimiter) {
        position += delimiter.opening.utf8.count
        while position < bytes.count {
            if starts(with: delimiter.closing) {
                position += delimiter.closing.utf8.count
                return
            }
            // A line that ends before its quote was no quote, or does not compile: at worst one line is misread.
            if bytes[position] == .newline, !delimiter.spansLines { return }
            if starts(with: delimiter.escape) {
                position += delimiter.escape.utf8.count
                if delimiter.interpolates, starts(with: "(") {
                    position += 1
                    scanCode(inInterpolation: true)
                }
            }
            position = min(position + 1, bytes.count)
        }
    }

    private func openingDelimiter() -> Delimiter? {
        guard Self.openers.contains(bytes[position]) else { return nil }
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        let fence = String(repeating: "#", count: hashes)
        if starts(with: fence + "\"\"\"") {
            return Delimiter(fence + "\"\"\"", "\"\"\"" + fence, escape: "\\" + fence, spansLines: true)
        }
        if starts(with: fence + "\"") {
            return Delimiter(fence + "\"", "\"" + fence, escape: "\\" + fence)
        }
        if hashes > 0, starts(with: fence + "/") {
            return Delimiter(fence + "/", "/" + fence, escape: "\\", interpolates: false, spansLines: true)
        }
        // No escape is known in a name, and none can begin with a line's end.
        return starts(with: "`") ? Delimiter("`", "`", escape: "\n", interpolates: false) : nil
    }

    private static let openers = Array("#\"`".utf8)

    private func starts(with text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }
}

/// What opens and closes a literal or a quoted name.
private struct Delimiter {
    let opening: String
    let closing: String
    let escape: String
    let interpolates: Bool
    let spansLines: Bool

    init(_ opening: String, _ closing: String, escape: String, interpolates: Bool = true, spansLines: Bool = false) {
        self.opening = opening
        self.closing = closing
        self.escape = escape
        self.interpolates = interpolates
        self.spansLines = spansLines
    }
}

extension UInt8 {
    fileprivate static let newline = UInt8(ascii: "\n")
    fileprivate static let space = UInt8(ascii: " ")
}
