extension JSONValue {
    /// The value as JSON on one line, with the names of objects sorted, unless they have an order.
    ///
    /// Controls are escaped, and so are U+0085, U+2028 and U+2029, which some readers of event streams take for the end
    /// of a line; slashes are not.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += value.description.utf8
        case .number(let value): bytes += (value.isFinite ? value.description : "null").utf8
        case .string(let value): bytes.append(quoting: value)
        case .array(let elements): Self.write(elements, to: &bytes)
        case .object(let members): Self.write(members.sorted { $0.key < $1.key }, to: &bytes)
        case .ordered(let members): Self.write(members.map { ($0.name, $0.value) }, to: &bytes)
        }
    }

    private static func write(_ elements: [JSONValue], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            element.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func write(_ members: [(key: String, value: JSONValue)], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, (key, value)) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(quoting: key)
            bytes.append(UInt8(ascii: ":"))
            value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}

extension StringProtocol {
    /// How many bytes the text takes in JSON, without its quotes.
    var escapedSize: Int {
        var size = 0
        for byte in utf8 { size += byte < 0x20 ? 6 : byte == 0x22 || byte == 0x5C ? 2 : 1 }
        // Each of the three separators grows to six bytes; counting every lead byte of theirs overestimates, a little.
        return size + utf8.count { $0 == 0xC2 } * 4 + utf8.count { $0 == 0xE2 } * 3
    }
}

extension [UInt8] {
    fileprivate mutating func append(quoting text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8Span { utf8 in
            reserveCapacity(count + utf8.count + 2)
            var index = 0
            while index < utf8.count {
                index += append(escaping: utf8, at: index)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends the byte at `index`, or the separator that starts there, and says how many bytes that were.
    private mutating func append(escaping text: Span<UInt8>, at index: Int) -> Int {
        let byte = text[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): self += "\\n".utf8
        case UInt8(ascii: "\r"): self += "\\r".utf8
        case UInt8(ascii: "\t"): self += "\\t".utf8
        case 0..<0x10: self += "\\u000\(String(byte, radix: 16))".utf8
        case 0x10..<0x20: self += "\\u00\(String(byte, radix: 16))".utf8
        case 0xC2 where index + 1 < text.count && text[index + 1] == 0x85:
            self += "\\u0085".utf8
            return 2
        case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8:
            self += (text[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8
            return 3
        default: append(byte)
        }
        return 1
    }
}

extension String {
    /// Lends the text's bytes.
    fileprivate mutating func withUTF8Span(_ body: (Span<UInt8>) -> Void) {
        makeContiguousUTF8()
        body(utf8Span.span)
    }
}
