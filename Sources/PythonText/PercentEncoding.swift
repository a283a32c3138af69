/// `urllib.parse.quote`, `unquote` and `unquote_to_bytes`.
package enum PercentEncoding {
    /// Escapes all bytes but letters, digits, `_.-~` and those in `safe`.
    package static func quote(_ bytes: [UInt8], safe: String = "/") -> [UInt8] {
        escape(bytes) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "~"):
                false
            default: !safe.utf8.contains(byte)
            }
        }
    }

    /// Escapes the bytes that `isEscaped` names, and leaves all others.
    package static func escape(_ bytes: [UInt8], where isEscaped: (UInt8) -> Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if isEscaped(byte) {
                result += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// Reads escapes as UTF-8 with U+FFFD for what is not UTF-8; escapes that are malformed stay.
    ///
    /// Each run of ASCII is read by itself, so an escape never completes a character that stands outside of it.
    package static func unquote(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { $0 >= 0x80 } ?? bytes.count
            result += String(decoding: unquoteToBytes(bytes[index..<end]), as: UTF8.self).utf8
            index = bytes[end...].firstIndex { $0 < 0x80 } ?? bytes.count
            result += bytes[end..<index]
        }
        return result
    }

    /// The bytes that escapes stand for; those that are malformed stay.
    package static func unquoteToBytes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let high = value(bytes[index + 1]), let low = value(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// The bytes that escapes stand for; nil if one is malformed.
    ///
    /// Source: RFC 3986, section 2.1.
    package static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        let percent = UInt8(ascii: "%")
        let areWhole = bytes.indices.allSatisfy { index in
            bytes[index] != percent || index + 2 < bytes.count && [1, 2].allSatisfy { value(bytes[index + $0]) != nil }
        }
        return areWhole ? unquoteToBytes(bytes[...]) : nil
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
