internal import Tokenizer

/// The answer of a tool to a call, before there is any output (Harmony format, "Receiving tool calls").
///
/// It knows who answers and on which channel, as the reference tools do: the author is the tool, the recipient is the
/// assistant, and the channel is the call's.
public struct ToolReply: Sendable, Hashable {
    /// The tool's full name, such as `python` or `browser.search`.
    public let tool: String
    /// The channel of the call; nil where the call had none.
    public let channel: String?

    /// The answer to a call; nil for a message that is not a call: not the assistant's, or for no tool.
    ///
    /// `tools` are the full names of what there is; see ``toolName(in:among:)``.
    public init?(to call: Message, among tools: Set<String> = []) {
        guard call.role == .assistant, let recipient = call.recipient,
            let tool = Self.toolName(in: recipient, among: tools), tool != "all", tool != Role.assistant.rawValue
        else { return nil }
        self.tool = tool
        channel = call.channel
    }

    /// The full name of the tool that a recipient means; nil where it does not name a tool.
    ///
    /// Models write more than the name: it ends at the first space or `<|`. Of what is left, the first of these that is
    /// among `tools` counts: itself, itself without `functions.` (`functions.container.exec` means `container.exec`), that
    /// without its repetition (`python.python` means `python`), itself with `functions.`. Where no such name is among them, it is itself: an unknown tool, which deserves an answer that says so.
    public static func toolName(in recipient: String, among tools: Set<String> = []) -> String? {
        let text = recipient.unicodeScalars.drop(while: \.isWhiteSpace)
        var end = text.firstIndex(where: \.isWhiteSpace) ?? text.endIndex
        if let marker = text.firstRange(of: "<|".unicodeScalars) { end = min(end, marker.lowerBound) }
        let name = text[..<end]
        guard !name.isEmpty else { return nil }
        let bare = name.starts(with: "functions.") ? name.dropFirst("functions.".utf8.count) : name
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        var candidates = [name.string, bare.string]
        if parts.count == 2, parts[0].elementsEqual(parts[1]) { candidates.append(parts[0].string) }
        candidates.append("functions.\(name.string)")
        return candidates.first(where: tools.contains) ?? name.string
    }

    /// The whole answer. Its text is one part: two parts with the same text would be other tokens.
    public func message(_ text: String) -> Message {
        Message(role: .tool, name: tool, recipient: Role.assistant.rawValue, channel: channel, text: text)
    }
}

extension Renderer {
    /// From `<|start|>` to `<|message|>`: what can be sent while the tool still runs.
    public func header(of reply: ToolReply) -> [UInt32] {
        header(of: reply.message(""), by: author(named: reply.tool))
    }

    /// What follows `<|start|>assistant` in the header of an assistant's message, up to `<|message|>`.
    public func header(ofAssistant message: Message) -> [UInt32] { header(of: message, by: []) }

    /// The whole answer as ids.
    ///
    /// Its content is what Tokenizer's `IncrementalEncoder` gives for the same text, in whatever pieces it is fed.
    public func render(_ reply: ToolReply, text: String) -> RenderedMessage {
        RenderedMessage(header: header(of: reply), content: encoding.encode(text), end: ControlToken.end)
    }
}
