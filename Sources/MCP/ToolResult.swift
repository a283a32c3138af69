public import JSON

/// How a call ended, also when it failed.
public struct ToolResult: Sendable, Equatable {
    /// The blocks, of which the first is text and not empty: it is all that serving layers read.
    public let content: [Content]
    /// Whether the call did not do what it was asked to; the text says why and what to do next.
    public let isError: Bool
    /// What is for programs, beside the text: members of `_meta`, whose names begin with `dev.harmonium/`.
    ///
    /// It is not `structuredContent`: clients show that to a model instead of the text.
    public let meta: JSONObject
    /// Whether the streamed deltas concatenate to the text; false when the text was cut.
    public let isExact: Bool

    /// Ends a call with `content`, whose first block has to be text that is not empty.
    public init(content: [Content], isError: Bool = false, meta: JSONObject = [:], isExact: Bool = true) {
        guard case .text(let text)? = content.first, !text.isEmpty else {
            preconditionFailure("a result of \(content.count) blocks that does not start with text")
        }
        self.content = content
        self.isError = isError
        self.meta = meta
        self.isExact = isExact
    }

    /// Ends a call with nothing but `text`, which must not be empty.
    public init(text: String, isError: Bool = false, isExact: Bool = true) {
        self.init(content: [.text(text)], isError: isError, isExact: isExact)
    }

    /// The text of the first block.
    public var text: String {
        if case .text(let text)? = content.first { text } else { "" }
    }
}

/// One block of a result.
public enum Content: Sendable, Equatable {
    /// What the model reads.
    case text(String)
    /// A picture; base64 on the wire.
    case image(data: [UInt8], mimeType: String)
}

extension ToolResult {
    /// The result as a client gets it: `content`, `isError` and `_meta`.
    package var json: JSONValue { .object(members()) }

    /// The members of the result on the wire; `output` is what to say about the stream of its text.
    func members(output: JSONObject? = nil) -> JSONObject {
        var members: JSONObject = ["content": .array(content.map(\.json)), "isError": .bool(isError)]
        var meta = meta
        meta[MetaKey.output] = output.map { .object($0) }
        if !meta.isEmpty { members["_meta"] = .object(meta) }
        return members
    }
}

extension Content {
    /// The block on the wire.
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .image(let data, let mimeType):
            ["type": "image", "data": .string(String(base64: data)), "mimeType": .string(mimeType)]
        }
    }

    /// How many bytes the block takes on the wire, at most.
    fileprivate var encodedSize: Int {
        switch self {
        case .text(let text): text.encodedJSONBytes + 32
        case .image(let data, let mimeType): (data.count + 2) / 3 * 4 + mimeType.encodedJSONBytes + 64
        }
    }
}

extension ToolResult {
    /// How many bytes `meta` may have once something has to be left out.
    private static let metaBytesMax = 64 * 1024
    /// What the id, the names of members and our own notes may take, in bytes.
    private static let envelopeBytes = 4096

    /// The result cut so that it takes at most `bytesMax` on the wire.
    ///
    /// Other blocks than the first go before any of the text, from the last; then the text loses its middle. The text
    /// says what is missing.
    func fitting(bytesMax: Int) -> ToolResult {
        let metaBytes = JSONValue.object(meta).encoded().count
        let keepsMeta = metaBytes <= Self.metaBytesMax
        let room = bytesMax - Self.envelopeBytes - (keepsMeta ? metaBytes : 0)
        precondition(room > 0, "a result in \(bytesMax) bytes")
        var content = content
        var size = content.reduce(0) { $0 + $1.encodedSize }
        while size > room, content.count > 1 { size -= content.removeLast().encodedSize }
        let missing = self.content.count - content.count
        var shown = size > room ? text.cuttingMiddle(escapedMax: room) : text
        if missing > 0 { shown += "\n[\(missing) of the images were left out: together they are too large.]" }
        content[0] = .text(shown)
        return ToolResult(
            content: content,
            isError: isError,
            meta: keepsMeta ? meta : [:],
            isExact: isExact && shown == text
        )
    }
}

extension String {
    /// The start and the end of the text, which together with a note between them take `escapedMax` bytes in JSON.
    func cuttingMiddle(escapedMax: Int) -> String {
        let half = max(0, escapedMax - 256) / 2
        let head = unicodeScalars.prefix(escapedMax: half)
        let tail = String.UnicodeScalarView(unicodeScalars.reversed()).prefix(escapedMax: half).reversed()
        let missing = utf8.count - head.utf8Count - tail.utf8Count
        var text = String(String.UnicodeScalarView(head))
        text += "\n[\(missing) bytes were left out here: the text is too long.]\n"
        text.unicodeScalars.append(contentsOf: tail)
        return text
    }
}

extension Sequence<Unicode.Scalar> {
    fileprivate var utf8Count: Int { reduce(0) { $0 + UTF8.width($1) } }

    fileprivate func prefix(escapedMax: Int) -> [Unicode.Scalar] {
        var size = 0
        return Array(
            prefix { scalar in
                size += String(scalar).encodedJSONBytes
                return size <= escapedMax
            }
        )
    }
}
