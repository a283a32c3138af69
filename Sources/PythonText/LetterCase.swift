/// `str.lower()`.
package enum LetterCase {
    /// Scalars at one distance from each other whose lower case is at one distance from them.
    private struct Run: Sendable {
        let first: UInt32
        let last: UInt32
        let step: UInt32
        let distance: Int32
    }

    private static let runs: [Run] = {
        let numbers = HexadecimalNumbers.read(CharacterTables.lowercase)
        return stride(from: 0, to: numbers.count, by: 4).map { index in
            let (first, count, step) = (numbers[index], numbers[index + 1], numbers[index + 2])
            return Run(
                first: UInt32(first),
                last: UInt32(first + (count - 1) * step),
                step: UInt32(step),
                distance: Int32(numbers[index + 3])
            )
        }
    }()

    /// `bytes` in lower case.
    package static func lowered(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        let runs = runs
        // What stays as it is goes over in one piece.
        var (start, index) = (0, 0)
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                if byte &- UInt8(ascii: "A") < 26 {
                    result += bytes[start..<index]
                    result.append(byte | 0x20)
                    start = index + 1
                }
                index += 1
                continue
            }
            let (scalar, length) = bytes.scalar(at: index)
            if !hasNoCase(scalar) {
                result += bytes[start..<index]
                appendLowered(scalar, at: index, in: bytes, by: runs, to: &result)
                start = index + length
            }
            index += length
        }
        result += bytes[start...]
        return result
    }

    /// Whether `scalar` is one of punctuation, or of a large script without case.
    private static func hasNoCase(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2000...0x20FF, 0x3000...0xA63F, 0xAC00...0xFEFF: true
        default: false
        }
    }

    private static func appendLowered(
        _ scalar: UInt32,
        at index: Int,
        in bytes: [UInt8],
        by runs: [Run],
        to result: inout [UInt8]
    ) {
        switch scalar {
        case 0x130: result += [0x69, 0xCC, 0x87]
        case 0x3A3: result.append(scalar: isFinal(at: index, in: bytes) ? 0x3C2 : 0x3C3)
        default: result.append(scalar: lowered(scalar, by: runs))
        }
    }

    private static func lowered(_ scalar: UInt32, by runs: [Run]) -> UInt32 {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].last < scalar { low = middle + 1 } else { high = middle }
        }
        // Runs of every other scalar lie in each other by pairs at most.
        for run in runs[low..<min(low + 2, runs.count)]
        where scalar >= run.first && scalar <= run.last && (scalar - run.first) % run.step == 0 {
            return UInt32(Int32(scalar) + run.distance)
        }
        return scalar
    }

    /// Whether the sigma at `index` ends a word: a cased letter before it and none after it, marks skipped.
    private static func isFinal(at index: Int, in bytes: [UInt8]) -> Bool {
        var before = index
        var isAfterLetter = false
        while before > 0 {
            let (scalar, length) = bytes.scalar(before: before)
            before -= length
            guard let properties = Unicode.Scalar(scalar)?.properties, properties.isCaseIgnorable else {
                isAfterLetter = Unicode.Scalar(scalar)?.properties.isCased ?? false
                break
            }
        }
        guard isAfterLetter else { return false }
        var after = index + 2
        while after < bytes.count {
            let (scalar, length) = bytes.scalar(at: after)
            after += length
            guard let properties = Unicode.Scalar(scalar)?.properties else { return true }
            if !properties.isCaseIgnorable { return !properties.isCased }
        }
        return true
    }
}
