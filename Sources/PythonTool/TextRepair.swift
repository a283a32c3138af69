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
        return TextRepair.text(of: unfinished[..<end])
    }

    /// The bytes of a character that was never finished, which are not given again.
    mutating func takeUnfinished() -> [UInt8] {
        defer { unfinished = [] }
        return unfinished
    }

    /// The text of `bytes`, to which nothing comes any more.
    static func text(of bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(0) else { return String(decoding: bytes, as: UTF8.self) }
        // By bytes, as none of a character beyond ASCII is 0.
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte == 0 { repaired += replacement } else { repaired.append(byte) }
        }
        return String(decoding: repaired, as: UTF8.self)
    }

    /// How many of `bytes` the first `count` bytes of their text stand for.
    static func sourceCount(of bytes: [UInt8], textCount count: Int) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var source = 0
        var text = 0
        while text < count {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar):
                source += scalar.count
                text += scalar.first == 0 ? replacement.count : scalar.count
            case .error(let length):
                source += length
                text += replacement.count
            case .emptyInput: return source
            }
        }
        return source
    }

    /// U+FFFD.
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

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
