public import JSON

extension JSONLimits {
    /// For what a model reads or writes: 300 000 values, more than its context has tokens, as a call may come as ids.
    public static let harmony = JSONLimits(valuesMax: 300_000)
}

extension JSONValue {
    /// The value as the reference library writes it into a prompt: compact JSON, numbers as serde_json lays them out.
    public func text(in flavor: Flavor) -> String {
        let style = JSONStyle(escapesLineSeparators: false) { $0.decimal(in: flavor) }
        return String(decoding: encoded(style), as: UTF8.self)
    }
}

extension Double {
    /// The shortest digits that name this number, laid out as serde_json does: without exponent from 1e-5 to 1e16.
    fileprivate func decimal(in flavor: Flavor) -> String {
        guard self != 0 else { return sign == .minus ? "-0.0" : "0.0" }
        let (digits, exponent) = magnitude.shortestDigits
        // The value is 0.DIGITS times ten to the power of `point`.
        let point = digits.count + exponent
        let minus = self < 0 ? "-" : ""
        if exponent >= 0, point <= 16 { return minus + digits + String(repeating: "0", count: exponent) + ".0" }
        if point > 0, point <= 16 { return minus + digits.prefix(point) + "." + digits.dropFirst(point) }
        if point > -5, point <= 0 { return minus + "0." + String(repeating: "0", count: -point) + digits }
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        let plus = flavor == .oss && point > 0 ? "+" : ""
        return minus + digits.prefix(1) + fraction + "e" + plus + (point - 1).description
    }

    /// The digits as a whole number, without zeros at its ends, and the power of ten that it is times.
    private var shortestDigits: (digits: String, exponent: Int) {
        let parts = description.split(separator: "e")
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        var digits = String(mantissa[0] + fraction)
        exponent -= fraction.utf8.count
        digits = String(digits.drop { $0 == "0" })
        while digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        return (digits, exponent)
    }
}
