/// What stands at a place in bytes that should be UTF-8 (Unicode, table 3-7).
enum UTF8Sequence: Equatable {
    /// One scalar of this many bytes.
    case scalar(Int)
    /// This many bytes that are no scalar, and stand for one U+FFFD: a maximal subpart.
    case illFormed(Int)
    /// The start of a scalar whose other bytes have not come.
    case unfinished

    init(in bytes: [UInt8], at start: Int) {
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

    /// How long a sequence with this lead is, and what its second byte may be.
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

/// Bytes that arrive in pieces, turned into text: what is ill-formed becomes U+FFFD, what is unfinished waits.
struct TextDecoder: Sendable {
    private var waiting: [UInt8] = []

    /// Takes bytes, and gives the text that no further byte can change.
    mutating func append(_ bytes: [UInt8]) -> String {
        waiting += bytes
        let end = waiting.count - unfinishedCount
        let text = String(decoding: waiting[..<end], as: UTF8.self)
        waiting.removeSubrange(..<end)
        return text
    }

    /// Gives what no byte will finish.
    mutating func finish() -> String {
        defer { waiting.removeAll() }
        return String(decoding: waiting, as: UTF8.self)
    }

    /// How many bytes at the end may be the start of a scalar.
    private var unfinishedCount: Int {
        for count in 1..<4 where count <= waiting.count {
            let place = waiting.count - count
            // Only a lead byte begins a scalar; whatever it is, nothing before it is open.
            if waiting[place] >= 0xC0 { return UTF8Sequence(in: waiting, at: place) == .unfinished ? count : 0 }
        }
        return 0
    }
}
