internal import PythonText

/// Text in lines of at most 80 characters, as `textwrap.wrap` breaks it when it may drop nothing.
///
/// Lines are ranges of one buffer, found once and kept with their page.
struct WrappedText: Sendable {
    static let width = 80

    struct Line: Sendable {
        let start: Int32
        let end: Int32
        /// Whether the line before it ended with a line break of the text, not at the width.
        let beginsParagraph: Bool

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// The text with its tabs expanded.
    let bytes: [UInt8]
    private(set) var lines: [Line] = []

    init(_ text: [UInt8]) {
        bytes = text.contains(0x09) ? Self.expandedTabs(text) : text
        lines.reserveCapacity(bytes.count / 64 + 1)
        var start = 0
        while let newline = bytes[start...].firstIndex(of: 0x0A) {
            wrapParagraph(start..<newline)
            start = newline + 1
        }
        wrapParagraph(start..<bytes.count)
    }

    /// Columns count scalars, and restart at line breaks and carriage returns.
    private static func expandedTabs(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 256)
        var column = 0
        for byte in text {
            switch byte {
            case 0x09:
                let count = 8 - column % 8
                result += Array(repeating: 0x20, count: count)
                column += count
            case 0x0A, 0x0D:
                result.append(byte)
                column = 0
            default:
                result.append(byte)
                if byte & 0xC0 != 0x80 { column += 1 }
            }
        }
        return result
    }

    private mutating func wrapParagraph(_ range: Range<Int>) {
        // What has few enough bytes has few enough characters.
        let scalars = range.count <= Self.width ? range.count : scalarCount(range)
        if scalars <= Self.width {
            return lines.append(
                Line(start: Int32(range.lowerBound), end: Int32(range.upperBound), beginsParagraph: true)
            )
        }
        var chunks = Chunks(of: range)
        var lineStart = range.lowerBound
        var length = 0
        var isFirst = true
        var pending = chunks.next(in: bytes)
        while let chunk = pending {
            let count = scalars == range.count ? chunk.count : scalarCount(chunk)
            if length + count <= Self.width {
                length += count
                pending = chunks.next(in: bytes)
                continue
            }
            var lineEnd = chunk.lowerBound
            if count > Self.width {
                lineEnd = endOfPart(of: chunk, room: Self.width - length)
                pending = lineEnd..<chunk.upperBound
            }
            appendLine(lineStart..<lineEnd, isFirst: isFirst)
            (lineStart, length, isFirst) = (lineEnd, 0, false)
        }
        appendLine(lineStart..<range.upperBound, isFirst: isFirst)
    }

    private mutating func appendLine(_ range: Range<Int>, isFirst: Bool) {
        lines.append(Line(start: Int32(range.lowerBound), end: Int32(range.upperBound), beginsParagraph: isFirst))
    }

    /// Where a chunk is cut that no line can hold: at `room` characters, or after the last hyphen before that, if
    /// something other than hyphens stands in front of it.
    private func endOfPart(of chunk: Range<Int>, room: Int) -> Int {
        var end = chunk.lowerBound
        var hyphen: Int?
        var hasOther = false
        var hasOtherBeforeHyphen = false
        for _ in 0..<room {
            if bytes[end] == UInt8(ascii: "-") {
                (hyphen, hasOtherBeforeHyphen) = (end, hasOther)
            } else {
                hasOther = true
            }
            end += bytes.scalar(at: end).length
        }
        if let hyphen, hyphen > chunk.lowerBound, hasOtherBeforeHyphen { return hyphen + 1 }
        return end
    }

    /// How many scalars a range holds.
    func scalarCount(_ range: Range<Int>) -> Int {
        var count = 0
        for index in range where bytes[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
