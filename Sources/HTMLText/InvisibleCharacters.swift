internal import PythonText

/// Characters that a person does not see and a model reads: tags, direction marks, joiners without effect, fillers.
///
/// They can carry a whole message. Joiners and variation selectors are kept where they do something: one at a time, and
/// joiners only beside what is not ASCII.
enum InvisibleCharacters {
    /// `text`, UTF-8, without them.
    static func removed(from text: [UInt8]) -> [UInt8] {
        guard let first = text.indices.first(where: { length(in: text, at: $0) > 0 }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var (start, index) = (0, first)
        while index < text.count {
            let length = length(in: text, at: index)
            if length == 0 {
                index += 1
                continue
            }
            result += text[start..<index]
            index += length
            start = index
        }
        return result + text[start...]
    }

    /// How many bytes the character takes that begins at `index` and goes; 0 if it stays.
    private static func length(in text: [UInt8], at index: Int) -> Int {
        switch text[index] {
        // Only these begin such a character.
        case 0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3: break
        default: return 0
        }
        let (scalar, length) = text.scalar(at: index)
        if isInvisible(scalar) { return length }
        guard isModifier(scalar) else { return 0 }
        let before = index > 0 ? text.scalar(before: index).value : 0x20
        let after = index + length < text.count ? text.scalar(at: index + length).value : 0x20
        let isRepeated = isModifier(before) || isInvisible(before)
        let isWithoutEffect = isJoiner(scalar) && (before < 0x80 || after < 0x80)
        return isRepeated || isWithoutEffect ? length : 0
    }

    private static func isJoiner(_ scalar: UInt32) -> Bool { scalar == 0x200C || scalar == 0x200D }

    /// What changes how its neighbors look: joiners and variation selectors.
    private static func isModifier(_ scalar: UInt32) -> Bool { isJoiner(scalar) || (0xFE00...0xFE0F).contains(scalar) }

    private static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        // Controls of old terminals, but the line break among them.
        case 0x80...0x84, 0x86...0x9F: true
        // Soft hyphens, joiners of graphemes, fillers.
        case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0: true
        // Marks of direction and width.
        case 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        // Shorthand and music.
        case 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A: true
        // Tags, further variation selectors, and what is kept free for such.
        case 0xE0000...0xE0FFF: true
        default: false
        }
    }
}
