internal import PythonText

/// The pieces of a line that `textwrap` does not break: words, parts of hyphenated words, dashes between words, blanks.
///
/// It works out one regular expression of CPython's: a word ends before white space, before a dash that a word
/// follows, and after a hyphen with two letters on either side of it.
struct Chunks {
    private var position: Int
    private let start: Int
    private let end: Int
    private let word = ScalarSet.word
    private let decimal = ScalarSet.decimal

    init(of range: Range<Int>) {
        (position, start, end) = (range.lowerBound, range.lowerBound, range.upperBound)
    }

    mutating func next(in bytes: [UInt8]) -> Range<Int>? {
        guard position < end else { return nil }
        let first = position
        position = Self.isSpace(bytes[first]) ? endOfSpace(in: bytes) : endOfWord(in: bytes)
        return first..<position
    }

    private func endOfSpace(in bytes: [UInt8]) -> Int {
        var index = position
        while index < end, Self.isSpace(bytes[index]) { index += 1 }
        return index
    }

    private func endOfWord(in bytes: [UInt8]) -> Int {
        if let end = endOfDash(in: bytes, at: position) { return end }
        var index = position + 1
        while index < end {
            let byte = bytes[index]
            if Self.isSpace(byte) { return index }
            if byte == UInt8(ascii: "-") {
                if isHyphen(in: bytes, at: index) { return index + 1 }
                if endOfDash(in: bytes, at: index) != nil { return index }
            }
            index += 1
        }
        return index
    }

    /// The end of two or more hyphens between words.
    private func endOfDash(in bytes: [UInt8], at index: Int) -> Int? {
        guard bytes[index] == UInt8(ascii: "-"), index > start, endsWord(in: bytes, before: index) else { return nil }
        var after = index
        while after < end, bytes[after] == UInt8(ascii: "-") { after += 1 }
        guard after - index >= 2, after < end, word.contains(bytes.scalar(at: after).value) else { return nil }
        return after
    }

    /// Whether the hyphen at `index` joins letters: two before it, or one between hyphens; two after it, or one and one
    /// after another hyphen.
    private func isHyphen(in bytes: [UInt8], at index: Int) -> Bool {
        var before = index
        guard let last = letter(in: bytes, before: before) else { return false }
        before -= last
        if letter(in: bytes, before: before) == nil {
            guard before > start, bytes[before - 1] == UInt8(ascii: "-"),
                letter(in: bytes, before: before - 1) != nil
            else { return false }
        }
        var after = index + 1
        guard let next = letter(in: bytes, at: after) else { return false }
        after += next
        if after < end, bytes[after] == UInt8(ascii: "-") { after += 1 }
        return letter(in: bytes, at: after) != nil
    }

    /// How many bytes the letter has that ends before `index`.
    private func letter(in bytes: [UInt8], before index: Int) -> Int? {
        guard index > start else { return nil }
        let (scalar, length) = bytes.scalar(before: index)
        return isLetter(scalar) ? length : nil
    }

    /// How many bytes the letter has that begins at `index`.
    private func letter(in bytes: [UInt8], at index: Int) -> Int? {
        guard index < end else { return nil }
        let (scalar, length) = bytes.scalar(at: index)
        return isLetter(scalar) ? length : nil
    }

    private func isLetter(_ scalar: UInt32) -> Bool {
        word.contains(scalar) && !decimal.contains(scalar)
    }

    private func endsWord(in bytes: [UInt8], before index: Int) -> Bool {
        let (scalar, _) = bytes.scalar(before: index)
        if scalar < 0x80, "!\"'&.,?".utf8.contains(UInt8(scalar)) { return true }
        return word.contains(scalar)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }
}
