internal import PythonText

/// The backslashes that the reference puts before what would be a list or an escape.
///
/// It means not to, but what switches them off misses; so the models know them.
enum MarkdownEscapes {
    /// Where a backslash goes, in order.
    static func positions(in bytes: [UInt8], _ range: Range<Int>) -> [Int] {
        var positions: [Int] = []
        var index = range.lowerBound
        var isLineStart = true
        while index < range.upperBound {
            if isLineStart {
                index = skipSpace(in: bytes, from: index, to: range.upperBound)
                if index == range.upperBound { break }
                isLineStart = false
                if let position = listMark(in: bytes, at: index, to: range.upperBound) { positions.append(position) }
            }
            let byte = bytes[index]
            if byte == 0x0A {
                isLineStart = true
            } else if byte == UInt8(ascii: "\\"), index + 1 < range.upperBound, isEscapable(bytes[index + 1]) {
                positions.append(index)
            }
            index += 1
        }
        return positions
    }

    static func inserted(at positions: [Int], in bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count + positions.count)
        var start = range.lowerBound
        for position in positions {
            result += bytes[start..<position]
            result.append(UInt8(ascii: "\\"))
            start = position
        }
        return result + bytes[start..<range.upperBound]
    }

    /// Where the mark is that makes an item of a list out of the line that begins at `index`.
    private static func listMark(in bytes: [UInt8], at index: Int, to end: Int) -> Int? {
        switch bytes[index] {
        case UInt8(ascii: "+"): return isSpace(in: bytes, at: index + 1, to: end) ? index : nil
        case UInt8(ascii: "-"):
            let isRule = index + 1 < end && bytes[index + 1] == UInt8(ascii: "-")
            return isRule || isSpace(in: bytes, at: index + 1, to: end) ? index : nil
        case let byte where byte >= 0x80 || byte &- UInt8(ascii: "0") < 10:
            var dot = index
            while dot < end {
                let (scalar, length) = bytes.scalar(at: dot)
                guard ScalarSet.decimal.contains(scalar) else { break }
                dot += length
            }
            guard dot > index, dot < end, bytes[dot] == UInt8(ascii: ".") else { return nil }
            return isSpace(in: bytes, at: dot + 1, to: end) ? dot : nil
        default: return nil
        }
    }

    private static func skipSpace(in bytes: [UInt8], from start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            let length = Whitespace.length(in: bytes, at: index)
            if length == 0 { break }
            index += length
        }
        return index
    }

    private static func isSpace(in bytes: [UInt8], at index: Int, to end: Int) -> Bool {
        index < end && Whitespace.length(in: bytes, at: index) > 0
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "!"):
            true
        default: false
        }
    }
}
