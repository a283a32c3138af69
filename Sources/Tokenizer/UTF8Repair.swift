/// Makes bytes well-formed UTF-8, chunk by chunk: each maximal subpart of an ill-formed sequence becomes U+FFFD.
///
/// Holds back up to three bytes, which are a character's if more of them follow.
struct UTF8Repair: Sendable {
    private(set) var pending: [UInt8] = []

    /// Appends what `bytes` and those held back are for certain.
    mutating func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        guard pending.isEmpty else {
            for index in bytes.indices { pending.append(bytes[index]) }
            let all = pending
            pending.removeAll()
            return append(all.span, to: &text)
        }
        // Mostly all is well but for a character that is cut at the end.
        let whole = bytes.extracting(first: bytes.count - Self.cutBytes(bytes))
        if (try? UTF8Span(validating: whole)) != nil {
            Self.copy(whole, to: &text)
            appendRepaired(bytes.extracting(droppingFirst: whole.count), to: &text)
        } else {
            appendRepaired(bytes, to: &text)
        }
    }

    /// Appends a character for the bytes held back, if there are any: nothing follows them.
    mutating func finish(_ text: inout [UInt8]) {
        if !pending.isEmpty { text += Self.replacement }
        pending.removeAll()
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private mutating func appendRepaired(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte >= 0x80 else {
                text.append(byte)
                offset &+= 1
                continue
            }
            let sequence = Self.sequence(bytes, at: offset)
            if sequence.isWhole {
                for index in 0..<sequence.count { text.append(bytes[offset + index]) }
            } else if offset + sequence.count == bytes.count, sequence.canGoOn {
                for index in 0..<sequence.count { pending.append(bytes[offset + index]) }
            } else {
                text += Self.replacement
            }
            offset += sequence.count
        }
    }

    private static func copy(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: bytes.count))
        var target = text.mutableSpan
        for index in bytes.indices { target[start &+ index] = bytes[index] }
    }

    /// How many bytes at the end begin a character that has more.
    private static func cutBytes(_ bytes: Span<UInt8>) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            if byte < 0x80 { return 0 }
            // The lead byte of a sequence of n bytes begins with n ones.
            if byte >= 0xC0 { return (~byte).leadingZeroBitCount > count ? count : 0 }
        }
        return 0
    }

    /// How many bytes from `offset` on are a character beyond ASCII, or else the longest beginning of one, at least one.
    private static func sequence(
        _ bytes: Span<UInt8>,
        at offset: Int
    ) -> (count: Int, isWhole: Bool, canGoOn: Bool) {
        let lead = bytes[offset]
        let length: Int
        // The second byte is where overlong forms, surrogates and what is beyond U+10FFFF show.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return (1, false, false)
        }
        var count = 1
        while count < length, offset + count < bytes.count {
            let range = count == 1 ? second : 0x80...0xBF
            guard range.contains(bytes[offset + count]) else { return (count, false, false) }
            count += 1
        }
        return (count, count == length, true)
    }
}
