internal import PythonText

/// What elements are shown as instead.
struct Replacements {
    var text: [UInt8] = []
    private var ranges: [Range<Int32>] = []

    /// Makes one of the text that was added from `start` on, and says which it is.
    mutating func add(from start: Int) -> Int32 {
        ranges.append(Int32(start)..<Int32(text.count))
        return Int32(ranges.count - 1)
    }

    subscript(index: Int32) -> Range<Int> {
        Int(ranges[Int(index)].lowerBound)..<Int(ranges[Int(index)].upperBound)
    }
}

/// The words of a link: white space as one blank, a dagger as a double one.
enum LinkWords {
    /// Appends `piece` to `words`; a blank at the end of them is not followed by another.
    static func append(_ piece: ArraySlice<UInt8>, to words: inout [UInt8]) {
        var isAfterSpace = words.last == 0x20
        var index = piece.startIndex
        let end = piece.endIndex
        var start = index
        while index < end {
            Steps.take()
            let byte = piece[index]
            if byte > 0x20, byte < 0x80 {
                isAfterSpace = false
                index += 1
                continue
            }
            let (scalar, length) = scalar(in: piece, at: index)
            if Whitespace.contains(scalar) {
                words += piece[start..<index]
                if !isAfterSpace { words.append(0x20) }
                isAfterSpace = true
                start = index + length
            } else {
                isAfterSpace = false
                if scalar == 0x2020 {
                    words += piece[start..<index]
                    words += Marks.doubleDagger
                    start = index + length
                }
            }
            index += length
        }
        words += piece[start..<end]
    }

    private static func scalar(in piece: ArraySlice<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
        let first = piece[index]
        if first < 0x80 { return (UInt32(first), 1) }
        // Only these begin white space or the dagger.
        guard first == 0xC2 || first == 0xE1 || first == 0xE2 || first == 0xE3 else { return (0xFFFD, 1) }
        let length = min(first == 0xC2 ? 2 : 3, piece.endIndex - index)
        var value = UInt32(first & (first == 0xC2 ? 0x1F : 0x0F))
        for offset in 1..<max(1, length) { value = value << 6 | UInt32(piece[index + offset] & 0x3F) }
        return (value, length)
    }
}
