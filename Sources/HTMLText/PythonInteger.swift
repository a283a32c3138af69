internal import PythonText

/// What `int()` makes of a text.
enum PythonInteger {
    private static let digitsMax = 37

    /// The number that `text` is, in any script's digits and with single underscores between; nil for anything else.
    static func read(_ text: [UInt8]) -> Int128? {
        var rest = Array(Whitespace.stripped(text))
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var number: Int128 = 0
        var digits = 0
        var isAfterDigit = false
        var index = 0
        while index < rest.count {
            let (scalar, length) = rest.scalar(at: index)
            index += length
            if scalar == 0x5F, isAfterDigit {
                isAfterDigit = false
                continue
            }
            guard ScalarSet.decimal.contains(scalar), let value = Unicode.Scalar(scalar)?.properties.numericValue,
                digits < digitsMax
            else { return nil }
            number = number * 10 + Int128(value)
            digits += number == 0 ? 0 : 1
            isAfterDigit = true
        }
        return isAfterDigit ? (isNegative ? -number : number) : nil
    }
}
