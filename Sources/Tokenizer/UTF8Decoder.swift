/// Bytes that come in chunks, as well-formed UTF-8: each maximal subpart of an ill-formed sequence becomes U+FFFD, as
/// `String(decoding:)` has it.
///
/// Holds back up to three bytes, which are a character's if more of them follow.
package struct UTF8Decoder: Sendable {
    /// What is held back.
    private(set) var pending: [UInt8] = []

    /// A decoder at the beginning of a text.
    package init() {}

    /// Takes a chunk, and gives the text that no further byte can change.
    package mutating func decode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes the end of the text, and gives a replacement for what is held back.
    package mutating func finish() -> String { takePending().isEmpty ? "" : "\u{FFFD}" }

    /// Gives what is held back up; it is not decoded any more.
    package mutating func takePending() -> [UInt8] {
        defer { pending.removeAll() }
        return pending
    }

    /// Appends what `bytes` and those held back are for certain.
    mutating func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        guard pending.isEmpty else {
            var all = takePending()
            for index in bytes.indices { all.append(bytes[index]) }
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

    private mutating func appendRepaired(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            switch UTF8Sequence(in: bytes, at: offset) {
            case .scalar(let count):
                for index in offset..<offset + count { text.append(bytes[index]) }
                offset += count
            case .illFormed(let count):
                text += Self.replacement
                offset += count
            case .unfinished:
                while offset < bytes.count {
                    pending.append(bytes[offset])
                    offset += 1
                }
            }
        }
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

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
}

/// What stands at a place in bytes that should be UTF-8 (Unicode, table 3-7).
package enum UTF8Sequence: Equatable {
    /// One scalar of this many bytes.
    case scalar(Int)
    /// This many bytes that are not a scalar, and stand for one U+FFFD: a maximal subpart.
    case illFormed(Int)
    /// The start of a scalar whose other bytes have not come.
    case unfinished

    /// Looks at `bytes` from `start` on, which has to be one of its places.
    package init(in bytes: Span<UInt8>, at start: Int) {
        let lead = bytes[start]
        guard lead >= 0x80 else {
            self = .scalar(1)
            return
        }
        guard let (length, second) = Self.shape(of: lead) else {
            self = .illFormed(1)
            return
        }
        for offset in 1..<length {
            guard start + offset < bytes.count else {
                self = .unfinished
                return
            }
            let allowed = offset == 1 ? second : 0x80...0xBF
            guard allowed.contains(bytes[start + offset]) else {
                self = .illFormed(offset)
                return
            }
        }
        self = .scalar(length)
    }

    /// How long a sequence with this lead is, and what its second byte may be: that is where overlong forms, surrogates
    /// and what is beyond U+10FFFF show.
    private static func shape(of lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: nil
        }
    }
}
