extension JSONValue {
    /// Reads one JSON text (RFC 8259), in one pass and linear time.
    ///
    /// Of members with one name the last value stands in the first place. A lone surrogate escape and what is not UTF-8
    /// become U+FFFD, since neither should cost a model its call. A whole number beyond 64 bits becomes the nearest
    /// `Double`.
    /// - Throws: `JSONError` for anything else that is not JSON, for a byte order mark, for a number beyond the range of
    ///   `Double`, and for what is beyond `limits`.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        var parser = JSONParser(bytes, limits)
        self = try parser.parse()
    }

    /// Reads one JSON text, as ``init(parsing:limits:)`` does its bytes.
    /// - Throws: `JSONError`.
    public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive descent over bytes.
private struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0
    private var depth = 0
    private var values = 0

    init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parse() throws(JSONError) -> JSONValue {
        let value = try parseValue()
        skipSpace()
        guard position == bytes.count else { throw failure("text after the value") }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        skipSpace()
        values += 1
        guard values <= limits.valuesMax else { throw failure("more than \(limits.valuesMax) values") }
        switch peek {
        case UInt8(ascii: "{"):
            try descend()
            defer { depth -= 1 }
            return .object(try parseObject())
        case UInt8(ascii: "["):
            try descend()
            defer { depth -= 1 }
            return .array(try parseArray())
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: return try parseNumber()
        }
    }

    private mutating func descend() throws(JSONError) {
        guard depth < JSONLimits.depthMax else { throw failure("more than \(JSONLimits.depthMax) levels") }
        depth += 1
        position += 1
    }

    private mutating func parseObject() throws(JSONError) -> JSONObject {
        var builder = JSONObject.Builder()
        guard !skip("}") else { return builder.object }
        repeat {
            skipSpace()
            let name = try parseString()
            guard skip(":") else { throw failure("no colon after a name") }
            builder.append(JSONObject.Member(name, try parseValue()))
        } while skip(",")
        guard skip("}") else { throw failure("an object that is not closed") }
        return builder.object
    }

    private mutating func parseArray() throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        guard !skip("]") else { return elements }
        repeat {
            elements.append(try parseValue())
        } while skip(",")
        guard skip("]") else { throw failure("an array that is not closed") }
        return elements
    }

    private mutating func parseWord(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("not a value") }
        position += word.utf8.count
        return value
    }
}

// Numbers.
extension JSONParser {
    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        let isNegative = take("-")
        let digits = position
        guard take("0") || takeDigits() else { throw failure("not a value") }
        let wholeEnd = position
        if take(".") {
            guard takeDigits() else { throw failure("no digit after a point") }
        }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard takeDigits() else { throw failure("no digit in an exponent") }
        }
        guard position - start <= JSONLimits.numberBytesMax else { throw failure("a number of too many digits") }
        if position == wholeEnd, let whole = whole(in: digits..<wholeEnd, isNegative: isNegative) { return whole }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw failure("a number out of range") }
        return .number(value)
    }

    /// The whole number with these digits; nil if it has more than 64 bits.
    private func whole(in digits: Range<Int>, isNegative: Bool) -> JSONValue? {
        var magnitude: UInt64 = 0
        for place in digits {
            let (product, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, isSumTooLarge) = product.addingReportingOverflow(UInt64(bytes[place] & 0x0F))
            guard !isTooLarge, !isSumTooLarge else { return nil }
            magnitude = sum
        }
        if isNegative {
            return magnitude <= Int.min.magnitude ? .integer(Int(truncatingIfNeeded: 0 &- magnitude)) : nil
        }
        return Int(exactly: magnitude).map { .integer($0) } ?? .unsigned(magnitude)
    }

    private mutating func takeDigits() -> Bool {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start
    }
}

// Strings.
extension JSONParser {
    private mutating func parseString() throws(JSONError) -> String {
        guard take("\"") else { throw failure("no string") }
        var text: [UInt8] = []
        var start = position
        while true {
            position = endOfPlainText
            guard let byte = peek else { throw failure("a string that is not closed") }
            switch byte {
            case UInt8(ascii: "\""):
                let rest = bytes[start..<position]
                position += 1
                // Most strings have no escapes, and are copied once.
                guard !text.isEmpty else { return String(decoding: rest, as: UTF8.self) }
                text += rest
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += bytes[start..<position]
                position += 1
                text.append(utf8Of: try parseEscape())
                start = position
            default: throw failure("a raw control character in a string")
            }
        }
    }

    /// Where the text from here on is interrupted: by a quote, a backslash, a control character or the end.
    private var endOfPlainText: Int {
        let bytes = bytes.span
        var end = position
        while end < bytes.count {
            let byte = bytes[end]
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            end &+= 1
        }
        return end
    }

    private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = peek else { throw failure("a string that is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw failure("an unknown escape")
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try parseHexadecimal()
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        // Only a low surrogate belongs to the high one; anything else is read again, on its own.
        let start = position
        guard take("\\"), take("u") else {
            position = start
            return "\u{FFFD}"
        }
        let second = try parseHexadecimal()
        guard (0xDC00..<0xE000).contains(second) else {
            position = start
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func parseHexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek.flatMap(\.hexadecimalValue) else { throw failure("not four hexadecimal digits") }
            value = value << 4 + digit
            position += 1
        }
        return value
    }
}

// Steps.
extension JSONParser {
    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Skips space and then `character`, if that comes next.
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        return take(character)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func failure(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }
}

extension [UInt8] {
    fileprivate mutating func append(utf8Of scalar: Unicode.Scalar) {
        guard !scalar.isASCII else { return append(UInt8(truncatingIfNeeded: scalar.value)) }
        append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit; nil for any other character.
    fileprivate var hexadecimalValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
