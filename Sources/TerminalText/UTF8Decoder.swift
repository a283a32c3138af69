/// Decodes UTF-8 that comes in pieces; what is ill-formed becomes U+FFFD.
package struct UTF8Decoder: Sendable {
    /// The beginning of a character, at most three bytes.
    private var unfinished: [UInt8] = []

    package init() {}

    package mutating func decode(_ bytes: some Sequence<UInt8>) -> String {
        let whole = unfinished + bytes
        let end = whole.count - UTF8Decoder.unfinishedCount(in: whole)
        unfinished = Array(whole[end...])
        return String(decoding: whole[..<end], as: UTF8.self)
    }

    /// The beginning of a character that was never finished, at most three bytes.
    package mutating func finish() -> [UInt8] {
        defer { unfinished = [] }
        return unfinished
    }

    private static func unfinishedCount(in bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if UTF8.isContinuation(byte) { continue }
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
