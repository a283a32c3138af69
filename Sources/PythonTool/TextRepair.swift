/// Turns bytes that come in pieces into text that can be shown: what is no UTF-8, and NUL, becomes U+FFFD.
///
/// A character cut between two pieces comes out whole, with the second.
struct TextRepair {
    private var unfinished: [UInt8] = []

    /// The text of all bytes so far that end a character and were not given before.
    mutating func append(_ bytes: some Collection<UInt8>) -> String {
        unfinished += bytes
        let end = unfinished.count - TextRepair.unfinishedSuffix(of: unfinished)
        defer { unfinished.removeFirst(end) }
        return TextRepair.decode(unfinished[..<end])
    }

    /// The text of what is left: a character that was never finished.
    mutating func finish() -> String {
        defer { unfinished = [] }
        return TextRepair.decode(unfinished[...])
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(0) else { return text }
        return String(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : Character($0) })
    }

    /// How many bytes at the end may be the beginning of a character, at most 3.
    private static func unfinishedSuffix(of bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0b1100_0000 == 0b1000_0000 { continue }
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            return length > back ? back : 0
        }
        return 0
    }
}
