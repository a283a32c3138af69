extension OrderedJSON {
    /// The value as compact JSON on one line, as the library writes it; a number that is not finite is `null`.
    public func encoded(flavour: Flavour = .openAI) -> String {
        var text = ""
        write(to: &text, flavour)
        return text
    }

    private func write(to text: inout String, _ flavour: Flavour) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += value.description
        case .unsigned(let value): text += value.description
        case .number(let value): text += value.isFinite ? value.decimal(flavour) : "null"
        case .string(let value): text.append(quoting: value)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text, flavour)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                text.append(quoting: member.name)
                text += ":"
                member.value.write(to: &text, flavour)
            }
            text += "}"
        }
    }
}

extension Double {
    /// The shortest digits that name this number, laid out as serde_json does: without exponent from 1e-5 to 1e16.
    fileprivate func decimal(_ flavour: Flavour) -> String {
        guard self != 0 else { return sign == .minus ? "-0.0" : "0.0" }
        let (digits, exponent) = magnitude.shortestDigits
        // The value is 0.DIGITS times ten to the power of `point`.
        let point = digits.count + exponent
        let minus = self < 0 ? "-" : ""
        if exponent >= 0, point <= 16 { return minus + digits + String(repeating: "0", count: exponent) + ".0" }
        if point > 0, point <= 16 { return minus + digits.prefix(point) + "." + digits.dropFirst(point) }
        if point > -5, point <= 0 { return minus + "0." + String(repeating: "0", count: -point) + digits }
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        let plus = flavour == .oss && point > 0 ? "+" : ""
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

extension String {
    fileprivate mutating func append(quoting text: String) {
        self += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": self += "\\\(scalar)"
            case "\u{8}": self += "\\b"
            case "\u{C}": self += "\\f"
            case "\n": self += "\\n"
            case "\r": self += "\\r"
            case "\t": self += "\\t"
            case "\0"..<"\u{10}": self += "\\u000\(String(scalar.value, radix: 16))"
            case "\u{10}"..<" ": self += "\\u00\(String(scalar.value, radix: 16))"
            default: unicodeScalars.append(scalar)
            }
        }
        self += "\""
    }
}
