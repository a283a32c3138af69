internal import Tokenizer

/// Turns bytes that come in chunks into text that can be shown: what is not UTF-8, and NUL, becomes U+FFFD.
///
/// A character cut between two chunks comes out whole, with the second.
struct OutputDecoder {
    private var decoder = UTF8Decoder()

    /// The text of all bytes so far that end a character and were not given before.
    mutating func append(_ bytes: some Collection<UInt8>) -> String {
        let text = decoder.decode(Array(bytes))
        return text.utf8.contains(0) ? OutputDecoder.text(of: Array(text.utf8)[...]) : text
    }

    /// The bytes of a character that was never finished, which are not given again.
    mutating func takePending() -> [UInt8] { decoder.takePending() }

    /// The text of `bytes`, to which nothing is added any more.
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
}
