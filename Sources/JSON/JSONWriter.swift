extension JSONValue {
    /// The value as JSON in UTF-8 on one line, without spaces, members in their order.
    ///
    /// Quotes, backslashes and control characters are escaped, and line separators if the `style` says so; slashes are
    /// not. A number that is not finite becomes `null`. Takes linear time.
    public func encoded(_ style: JSONStyle = .standard) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self)
        return writer.bytes
    }
}

private struct JSONWriter {
    let style: JSONStyle
    private(set) var bytes: [UInt8] = []

    init(style: JSONStyle) { self.style = style }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += value.description.utf8
        case .unsigned(let value): bytes += value.description.utf8
        case .number(let value): bytes += (value.isFinite ? style.number(value) : "null").utf8
        case .string(let value): write(quoted: value)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ elements: [JSONValue]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in object.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(quoted: member.name)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        let utf8 = text.utf8.span
        var index = 0
        while index < utf8.count, utf8[index].isPlain { index &+= 1 }
        if index == utf8.count {
            bytes += text.utf8
        } else {
            index = 0
            while index < utf8.count { index &+= write(escaping: utf8, at: index) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes the byte at `index`, or the separator that starts there, and says how many bytes that is.
    private mutating func write(escaping text: Span<UInt8>, at index: Int) -> Int {
        let byte = text[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case UInt8(ascii: "\n"): bytes += "\\n".utf8
        case UInt8(ascii: "\r"): bytes += "\\r".utf8
        case UInt8(ascii: "\t"): bytes += "\\t".utf8
        case 0x08: bytes += "\\b".utf8
        case 0x0C: bytes += "\\f".utf8
        case 0..<0x10: bytes += "\\u000\(String(byte, radix: 16))".utf8
        case 0x10..<0x20: bytes += "\\u00\(String(byte, radix: 16))".utf8
        case 0xC2 where style.escapesLineSeparators && index + 1 < text.count && text[index + 1] == 0x85:
            bytes += "\\u0085".utf8
            return 2
        case 0xE2
        where style.escapesLineSeparators && index + 2 < text.count && text[index + 1] == 0x80
            && text[index + 2] & 0xFE == 0xA8:
            bytes += (text[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8
            return 3
        default: bytes.append(byte)
        }
        return 1
    }
}

extension UInt8 {
    /// Whether a byte of text is written as it is in every style; most texts have no other bytes.
    fileprivate var isPlain: Bool {
        self >= 0x20 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\") && self != 0xC2 && self != 0xE2
    }
}

extension StringProtocol {
    /// How many bytes the text takes in JSON, without its quotes, at most: what may be a separator counts as one.
    public var encodedJSONBytes: Int {
        var size = 0
        for byte in utf8 { size += byte < 0x20 ? 6 : byte == 0x22 || byte == 0x5C ? 2 : 1 }
        return size + utf8.count { $0 == 0xC2 } * 4 + utf8.count { $0 == 0xE2 } * 3
    }
}
