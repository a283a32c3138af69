/// The bytes of a file as UTF-8.
enum SourceText {
    /// What is UTF-8 or, by its mark, UTF-16 is read as that, and anything else as windows-1252.
    static func utf8(of bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), highFirst: false) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), highFirst: true) }
        if String(validating: bytes, as: UTF8.self) != nil { return bytes }
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(byte & 0xE0 == 0x80 ? windows1252[Int(byte & 31)] : Unicode.Scalar(byte)) }
        return Array(String(text).utf8)
    }

    /// Whether this is no text at all: text has no NUL.
    static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.prefix(1 << 13).contains(0) }

    private static func utf16(_ bytes: ArraySlice<UInt8>, highFirst: Bool) -> [UInt8] {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return highFirst ? first << 8 | second : second << 8 | first
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    /// What the bytes from 0x80 to 0x9F are.
    private static let windows1252 = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars
    )
}
