internal import PythonText

/// The bytes of a page as the parser reads them: well-formed UTF-8, without what can be taken for our own marks.
struct PreparedSource {
    let bytes: [UInt8]
    /// Whether it was longer than it may be.
    let isTruncated: Bool
    /// Whether it holds a character that XML does not allow; U+FFFE and U+FFFF are suspected only.
    let hasControlCharacters: Bool

    /// Mends and maps `source`.
    ///
    /// The brackets of links become others that look alike, `◼` a smaller one, U+200B nothing, and so do characters of
    /// the second plane unless `keepsSecondPlane`.
    init(_ source: [UInt8], bytesMax: Int, keepsSecondPlane: Bool) {
        let end = min(source.count, bytesMax)
        isTruncated = source.count > bytesMax
        var isSuspect = false
        guard let first = Self.firstChange(in: source, before: end, keepsSecondPlane, &isSuspect) else {
            hasControlCharacters = isSuspect
            bytes = isTruncated ? Array(source[..<end]) : source
            return
        }
        hasControlCharacters = isSuspect || source[first...].contains(where: Self.isSuspect)
        var result: [UInt8] = []
        result.reserveCapacity(end)
        var (start, index) = (0, first)
        while index < end {
            let byte = source[index]
            let length = byte < 0x80 ? 1 : Self.length(in: source, at: index, before: end)
            if byte < 0xE2 && length > 0 {
                index += length
                continue
            }
            guard let change = Self.change(in: source, at: index, length, keepsSecondPlane) else {
                index += length
                continue
            }
            result += source[start..<index]
            result += change
            // One U+FFFD for each longest beginning of a sequence, as decoders do.
            index += length > 0 ? length : Self.brokenLength(in: source, at: index, before: end)
            start = index
        }
        result += source[start..<end]
        bytes = result
    }

    /// Whether `byte` is a control character, or the first of U+FFFE and U+FFFF.
    static func isSuspect(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D) || byte == 0xEF
    }

    /// Where something is mapped first; `isSuspect` says whether a control character stands before that.
    private static func firstChange(
        in source: [UInt8],
        before end: Int,
        _ keepsSecondPlane: Bool,
        _ isSuspect: inout Bool
    ) -> Int? {
        var index = 0
        while index < end {
            let byte = source[index]
            if byte < 0x80 {
                index += 1
                if byte < 0x20 { isSuspect = isSuspect || Self.isSuspect(byte) }
                continue
            }
            isSuspect = isSuspect || byte == 0xEF
            let length = length(in: source, at: index, before: end)
            if length == 0 { return index }
            if byte >= 0xE2, change(in: source, at: index, length, keepsSecondPlane) != nil { return index }
            index += length
        }
        return nil
    }

    /// What stands for the sequence at `index`; nil if it stays.
    private static func change(in source: [UInt8], at index: Int, _ length: Int, _ keepsSecondPlane: Bool) -> [UInt8]? {
        switch (length, source[index]) {
        case (0, _): return [0xEF, 0xBF, 0xBD]
        case (3, 0xE2):
            switch (source[index + 1], source[index + 2]) {
            case (0x80, 0x8B): return []
            case (0x97, 0xBC): return [0xE2, 0x97, 0xBE]
            default: return nil
            }
        case (3, 0xE3) where source[index + 1] == 0x80:
            return Marks.lookalike(last: source[index + 2]).map { [0xE3, 0x80, $0] }
        case (4, 0xF0) where source[index + 1] < 0xA0: return keepsSecondPlane ? nil : []
        default: return nil
        }
    }

    /// How many bytes the scalar at `index` takes; 0 if there is none.
    private static func length(in source: [UInt8], at index: Int, before end: Int) -> Int {
        let length = wantedLength(source[index])
        guard length > 0, length <= end - index else { return 0 }
        return brokenLength(in: source, at: index, before: end) == length ? length : 0
    }

    private static func wantedLength(_ first: UInt8) -> Int {
        switch first {
        case ..<0x80: 1
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: 0
        }
    }

    /// How many bytes from `index` on begin a scalar; at least 1.
    private static func brokenLength(in source: [UInt8], at index: Int, before end: Int) -> Int {
        let first = source[index]
        let wanted = wantedLength(first)
        guard wanted > 1, index + 1 < end else { return 1 }
        let second = source[index + 1]
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return 1 }
        var length = 2
        while length < wanted, index + length < end, source[index + length] & 0xC0 == 0x80 { length += 1 }
        return length
    }
}

/// The brackets that links are shown in.
package enum Marks {
    static let opening: [UInt8] = [0xE3, 0x80, 0x90]
    static let closing: [UInt8] = [0xE3, 0x80, 0x91]
    static let dagger: [UInt8] = [0xE2, 0x80, 0xA0]
    static let doubleDagger: [UInt8] = [0xE2, 0x80, 0xA1]

    /// The last byte of the bracket that looks like the one that ends in `last`.
    static func lookalike(last: UInt8) -> UInt8? {
        last == 0x90 ? 0x96 : last == 0x91 ? 0x97 : nil
    }

    /// `text` without marks of ours, for what is shown beside a page.
    package static func guarded(_ text: [UInt8]) -> [UInt8] {
        PreparedSource(text, bytesMax: text.count, keepsSecondPlane: true).bytes
    }

    /// What a character reference for `scalar` is when marks are guarded; nil for nothing.
    static func guarded(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x3010: 0x3016
        case 0x3011: 0x3017
        case 0x25FC: 0x25FE
        case 0x200B: nil
        default: scalar
        }
    }
}
