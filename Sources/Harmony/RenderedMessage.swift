/// A message as token ids, in its three parts.
public struct RenderedMessage: Sendable, Hashable {
    /// From `<|start|>` to `<|message|>`, both included.
    public let header: [UInt32]
    /// The content alone; every id is one of text, below 199 998.
    public let content: [UInt32]
    /// `<|end|>`, or `<|call|>` after an assistant's message with a recipient.
    public let end: UInt32

    /// A message of these ids.
    public init(header: [UInt32], content: [UInt32], end: UInt32) {
        self.header = header
        self.content = content
        self.end = end
    }

    /// The whole message.
    public var ids: [UInt32] { header + content + [end] }
}
