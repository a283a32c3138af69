package import JSON

extension ToolResult {
    /// The result as a client gets it: `content`, `isError` and `_meta`.
    package var json: JSONValue { .object(members(output: nil)) }

    /// The members of the result on the wire; `output` is what to say about the stream of its text.
    func members(output: JSONValue?) -> JSONObject {
        var members: JSONObject = [
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
            ["type": "image", "data": .string(String(base64: data)), "mimeType": .string(mimeType)]
        }
    }

    /// How many bytes the block takes on the wire, at most.
    var encodedSize: Int {
        switch self {
        case .text(let text): text.encodedJSONBytes + 32
        case .image(let data, let mimeType): (data.count + 2) / 3 * 4 + mimeType.encodedJSONBytes + 64
        }
    }
}
