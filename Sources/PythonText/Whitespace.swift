/// What `str.isspace` and `\s` take for white space.
package enum Whitespace {
    /// Whether `scalar` is white space to Python.
    package static func contains(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return ascii(UInt8(truncatingIfNeeded: scalar)) }
        switch scalar {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return true
        default: return false
        }
    }

    /// Whether `byte` is white space to Python and one of ASCII: U+001C to U+001F are.
    package static func ascii(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F)
    }

    /// How many bytes of white space begin at `index`; 0 when none does.
    package static func length(in bytes: [UInt8], at index: Int) -> Int {
        let byte = bytes[index]
        if byte < 0x80 { return ascii(byte) ? 1 : 0 }
        // The first bytes of U+0085 and U+00A0, U+1680, U+2000 to U+205F, U+3000.
        guard byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3 else { return 0 }
        let (scalar, length) = bytes.scalar(at: index)
        return contains(scalar) ? length : 0
    }

    /// `bytes` without the white space at both ends: `str.strip()`.
    package static func stripped(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var start = 0
        while start < bytes.count {
            let length = length(in: bytes, at: start)
            if length == 0 { break }
            start += length
        }
        var end = bytes.count
        while end > start {
            let (scalar, length) = bytes.scalar(before: end)
            guard contains(scalar) else { break }
            end -= length
        }
        return bytes[start..<end]
    }
}
