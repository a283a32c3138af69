/// A set of Unicode scalars that answers with one load and one shift.
package struct ScalarSet: Sendable {
    /// One bit a scalar, from U+0000 on; what lies beyond the last word is not in the set.
    package let words: [UInt64]

    /// `\w` of a regular expression: letters, numbers and `_`, but no marks.
    package static let word = ScalarSet(gapsAndLengths: CharacterTables.word)

    /// `\d` of a regular expression: decimal digits of every script.
    package static let decimal = ScalarSet(gapsAndLengths: CharacterTables.decimal)

    /// Reads hexadecimal numbers with spaces between: how far it is to a range, how long it is.
    private init(gapsAndLengths: String) {
        var words: [UInt64] = []
        var position = 0
        for (index, number) in HexadecimalNumbers.read(gapsAndLengths).enumerated() {
            if !index.isMultiple(of: 2) {
                let last = position + number - 1
                words += Array(repeating: 0, count: max(0, last / 64 + 1 - words.count))
                for scalar in position...last { words[scalar / 64] |= 1 << UInt64(scalar % 64) }
            }
            position += number
        }
        self.words = words
    }

    /// Whether `scalar` is in the set.
    package func contains(_ scalar: UInt32) -> Bool {
        let index = Int(scalar >> 6)
        return index < words.count && words[index] >> UInt64(scalar & 63) & 1 == 1
    }
}

/// The numbers of a table.
enum HexadecimalNumbers {
    static func read(_ text: String) -> [Int] {
        text.utf8.split(separator: UInt8(ascii: " ")).map { word in
            let isNegative = word.first == UInt8(ascii: "-")
            let magnitude = word.reduce(0) { number, digit in
                digit == UInt8(ascii: "-") ? number : number << 4 | (Int(digit & 15) + Int(digit >> 6) * 9)
            }
            return isNegative ? -magnitude : magnitude
        }
    }
}
