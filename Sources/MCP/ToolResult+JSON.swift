extension ToolResult {
    /// The members of the result on the wire; `output` is what to say about the stream of its text.
    func members(output: JSONValue?) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "content": .array(content.map(\.json)),
            "isError": .bool(isError),
        ]
        var meta = meta
        meta[MetaKey.output] = output
        if !meta.isEmpty { members["_meta"] = .object(meta) }
        return members
    }
}

extension Content {
    /// The block on the wire.
    var json: JSONValue {
        switch self {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .image(let data, let mimeType):
            ["type": "image", "data": .string(data.base64), "mimeType": .string(mimeType)]
        }
    }

    /// How many bytes the block takes on the wire, at most.
    var encodedSize: Int {
        switch self {
        case .text(let text): text.escapedSize + 32
        case .image(let data, let mimeType): (data.count + 2) / 3 * 4 + mimeType.escapedSize + 64
        }
    }
}

extension [UInt8] {
    /// The bytes in base64, padded.
    var base64: String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        for start in stride(from: 0, to: count, by: 3) {
            let length = Swift.min(3, count - start)
            var bits = 0
            for offset in 0..<3 { bits = bits << 8 | (offset < length ? Int(self[start + offset]) : 0) }
            for digit in 0..<4 {
                text.append(digit <= length ? digits[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
