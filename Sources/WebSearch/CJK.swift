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

    /// Every two neighbors in the runs of `text`, UTF-8, with blanks between, and the last of each run alone, by which
    /// single characters are found.
    static func bigrams(in text: [UInt8]) -> String {
        var result: [UInt8] = []
        // One past the last character of the run that is being read.
        var runEnd = -1
        var index = 0
        while index < text.count {
            // UTF-8 spells all of these with three bytes or four, the first at least 0xE1.
            guard text[index] >= 0xE1, let scalar = scalar(in: text, at: index) else {
                index += 1
                continue
            }
            let end = index + UTF8.width(scalar)
            if contains(scalar) {
                if runEnd == index { result += text[index..<end] }
                if !result.isEmpty { result.append(0x20) }
                result += text[index..<end]
                runEnd = end
            }
            index = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func scalar(in text: [UInt8], at index: Int) -> Unicode.Scalar? {
        let length = text[index] < 0xF0 ? 3 : 4
        guard index + length <= text.count else { return nil }
        var value = UInt32(text[index] & (length == 3 ? 0x0F : 0x07))
        for offset in 1..<length { value = value << 6 | UInt32(text[index + offset] & 0x3F) }
        return Unicode.Scalar(value)
    }
}
