/// A text as lines that end where `\n` stands. What follows the last `\n` is a line too, an empty one in most files.
struct TextLines {
    private let bytes: [UInt8]
    private var starts: [Int] = [0]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
    }

    /// How many there are; at least one.
    var count: Int { starts.count }

    /// A line without the `\n` at its end.
    subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[starts[index]..<(index + 1 < starts.count ? starts[index + 1] - 1 : bytes.count)]
    }

    /// Whether most of the lines end in `\r\n`.
    var usesCarriageReturns: Bool {
        guard count > 1 else { return false }
        let ended = (0..<count - 1).count { self[$0].last == UInt8(ascii: "\r") }
        return ended * 2 > count - 1
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks at the end.
    var trimmedAtEnd: ArraySlice { self[..<(lastIndex { !$0.isBlank }.map { $0 + 1 } ?? startIndex)] }

    /// Without blanks at both ends.
    var trimmed: ArraySlice { trimmedAtEnd.drop(while: \.isBlank) }

    /// Whether there is nothing but blanks.
    var isBlank: Bool { allSatisfy(\.isBlank) }

    /// The blanks at the beginning.
    var indentation: ArraySlice { prefix(while: \.isBlank) }

    /// As a message shows it: at most 200 bytes.
    var shown: String { String(decoding: prefix(200), as: UTF8.self) + (count > 200 ? "…" : "") }
}

extension UInt8 {
    /// Space, tab, and what else separates without being seen in ASCII.
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
