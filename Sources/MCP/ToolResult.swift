public import JSON

/// How a call ended, also when it failed.
public struct ToolResult: Sendable, Equatable {
    /// The blocks, of which the first is text and not empty: it is all that serving layers read.
    public let content: [Content]
    /// Whether the call did not do what it was asked to; the text says why and what to do next.
    public let isError: Bool
    /// What programs are told beside the text, as members of `_meta`, whose names begin with `dev.harmonium/`.
    ///
    /// It is not `structuredContent`: clients show that to a model instead of the text.
    public let meta: JSONObject
    /// Whether the streamed deltas concatenate to the text; false when the text was cut.
    public let isExact: Bool

    /// Ends a call with `content`, whose first block has to be text that is not empty.
    public init(
        content: [Content],
        isError: Bool = false,
        meta: JSONObject = [:],
        isExact: Bool = true
    ) {
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
