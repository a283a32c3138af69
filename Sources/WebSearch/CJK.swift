/// Chinese, Japanese and Korean: written without blanks between words, so that pairs of characters are the words.
enum CJK {
    static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x1100: false
        case 0x1100...0x11FF, 0x3005...0x3007, 0x3041...0x30FF, 0x3130...0x318F, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x20000...0x3FFFF:
            // The middle dot and the double hyphen of katakana are punctuation.
            scalar.value != 0x30FB && scalar.value != 0x30A0
        default: false
        }
    }

    /// Every two neighbours in the runs of `text`, with blanks between, and the last of each run alone, by which single
    /// characters are found.
    static func bigrams(in text: String) -> String {
        // UTF-8 spells all of these with three bytes or four, the first at least 0xE1.
        guard text.utf8.contains(where: { $0 >= 0xE1 }) else { return "" }
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            let isCJK = contains(scalar)
            if let previous {
                if !result.isEmpty { result.append(" ") }
                result.append(previous)
                if isCJK { result.append(scalar) }
            }
            previous = isCJK ? scalar : nil
        }
        if let previous {
            if !result.isEmpty { result.append(" ") }
            result.append(previous)
        }
        return String(result)
    }
}
