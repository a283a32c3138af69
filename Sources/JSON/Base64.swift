extension String {
    /// The bytes in base64, padded (RFC 4648, section 4), as JSON carries them.
    public init(base64 bytes: [UInt8]) {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let length = Swift.min(3, bytes.count - start)
            var bits = 0
            for offset in 0..<3 { bits = bits << 8 | (offset < length ? Int(bytes[start + offset]) : 0) }
            for digit in 0..<4 {
                text.append(digit <= length ? digits[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        self.init(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// The bytes that a text in padded base64 (RFC 4648, section 4) stands for; nil for anything else, spaces included.
    public init?(base64 text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 4) else { return nil }
        let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var bits = 0
        for (place, digit) in digits.dropLast(padding).enumerated() {
            guard let value = digit.base64Value else { return nil }
            bits = bits << 6 | value
            // The first digit of each four ends no byte.
            guard place % 4 > 0 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: bits >> (6 - 2 * (place % 4))))
        }
        self = bytes
    }
}

extension UInt8 {
    /// The value of a digit of base64; nil for any other character.
    fileprivate var base64Value: Int? {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(self - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(self - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(self - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
