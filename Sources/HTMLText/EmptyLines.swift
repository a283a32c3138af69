internal import PythonText

/// White space as it is shown: one blank for many, one empty line for many.
enum EmptyLines {
    /// `bytes` in `range`, each run of white space as one blank.
    static func blanks(in bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        appendBlanks(of: bytes, range, to: &result)
        return result
    }

    /// Appends `bytes` in `range`, each run of white space as one blank.
    static func appendBlanks(of bytes: [UInt8], _ range: Range<Int>, to result: inout [UInt8]) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            Steps.take()
            let byte = bytes[index]
            if byte > 0x20, byte < 0xC2 || byte > 0xE3 || (byte > 0xC2 && byte < 0xE1) {
                index += 1
                continue
            }
            // Most blanks stand alone, and stay.
            if byte == 0x20, index + 1 < range.upperBound, bytes[index + 1] > 0x20, bytes[index + 1] < 0x80 {
                index += 2
                continue
            }
            let length = Whitespace.length(in: bytes, at: index)
            if length == 0 {
                index += 1
                continue
            }
            result += bytes[start..<index]
            result.append(0x20)
            index += length
            while index < range.upperBound {
                Steps.take()
                let length = Whitespace.length(in: bytes, at: index)
                if length == 0 { break }
                index += length
            }
            start = index
        }
        result += bytes[start..<range.upperBound]
    }

    /// How much of the white space in front goes: all up to the last line break in it.
    private static func leadingLines(of bytes: [UInt8]) -> Int {
        var index = 0
        var lastNewline = 0
        while index < bytes.count {
            Steps.take()
            let length = Whitespace.length(in: bytes, at: index)
            if length == 0 { break }
            if bytes[index] == 0x0A { lastNewline = index }
            index += length
        }
        return lastNewline
    }

    /// `bytes` with at most one empty line anywhere, and that one empty indeed.
    static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var start = leadingLines(of: bytes)
        var index = start
        while let newline = bytes[index...].firstIndex(of: 0x0A) {
            Steps.take()
            var last = newline
            index = newline + 1
            while index < bytes.count {
                Steps.take()
                let length = Whitespace.length(in: bytes, at: index)
                if length == 0 { break }
                if bytes[index] == 0x0A { last = index }
                index += length
            }
            result += bytes[start...newline]
            if last > newline { result.append(0x0A) }
            start = last + 1
        }
        result += bytes[start...]
        return result
    }
}
