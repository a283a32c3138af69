internal import PythonText

/// Characters that `find` takes for each other: a page has them in one form, and a pattern in another.
enum LookAlikes {
    /// The text in one form: straight quotes, hyphens, blanks, letters that are composed, and nothing invisible. Line
    /// breaks stay where they are.
    static func folded(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        var folded: [UInt8] = []
        folded.reserveCapacity(text.count)
        var (start, index, hasMarks) = (0, 0, false)
        while index < text.count {
            guard text[index] >= 0x80 else {
                index += 1
                continue
            }
            let (scalar, length) = text.scalar(at: index)
            if let form = form(of: scalar) {
                folded += text[start..<index]
                folded += form
                start = index + length
            }
            hasMarks = hasMarks || joins(scalar)
            index += length
        }
        folded += text[start...]
        return hasMarks ? composed(folded) : folded
    }

    /// What stands for `scalar`; nil for itself.
    private static func form(of scalar: UInt32) -> [UInt8]? {
        switch scalar {
        case 0xAB, 0xBB, 0x201C...0x201F, 0x2033, 0xFF02: [UInt8(ascii: "\"")]
        case 0xB4, 0x2BC, 0x2018...0x201B, 0x2032, 0xFF07: [UInt8(ascii: "'")]
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: [UInt8(ascii: "-")]
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: [0x20]
        // Soft hyphens, joiners, marks of direction and variants.
        case 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF: []
        case 0x2026: Array("...".utf8)
        case 0xFB00...0xFB06: ligatures[Int(scalar - 0xFB00)]
        default: nil
        }
    }

    private static let ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"].map { Array($0.utf8) }

    /// Whether `scalar` makes one letter with what stands before it: accents, parts of Korean syllables, Japanese voicing.
    private static func joins(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x300...0x36F, 0x1160...0x11FF, 0x3099...0x309A: true
        default: false
        }
    }

    private static func composed(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for character in String(decoding: text, as: UTF8.self) {
            let letter = character.utf8.count > 1 ? letters[character].map(Character.init) : nil
            result += (letter ?? character).utf8
        }
        return result
    }

    /// The letters that have a form of their own, by any of their forms: characters are equal that only are spelled
    /// differently.
    private static let letters: [Character: Unicode.Scalar] = {
        var letters: [Character: Unicode.Scalar] = [:]
        for range in [0xC0...0x52F, 0x1E00...0x1FFF, 0x3041...0x30FF, 0xAC00...0xD7A3] as [ClosedRange<UInt32>] {
            for scalar in range.lazy.compactMap(Unicode.Scalar.init) where !joins(scalar.value) {
                letters[Character(scalar)] = scalar
            }
        }
        return letters
    }()
}
