/// A message as a model wrote it, and how it ended.
public struct ParsedMessage: Sendable, Hashable {
    /// What ended a message.
    public enum End: String, Sendable, Hashable {
        /// `<|end|>`.
        case end
        /// `<|return|>`: the model is done.
        case `return`
        /// `<|call|>`: the model waits for a tool.
        case call
        /// The start of the next message.
        case implicit
        /// The end of the stream.
        case endOfStream = "eos"
    }

    /// The message, with its content as one text.
    public let message: Message
    /// What ended it. A call is what has a recipient, however it ended.
    public let end: End

    /// The content.
    public var text: String { message.text }
}
