internal import Harmony
internal import Tokenizer

/// The beginning of a call that the model has to make, up to where the model decides.
struct ForcedCall: Sendable {
    /// What follows `<|start|>assistant`.
    let ids: [UInt32]

    /// A call of one of `recipients`, of which there is at least one; of a single one it is the whole header.
    init(to recipients: [String], in tools: ToolPlan, _ renderer: Renderer) {
        guard recipients.count > 1 else {
            ids = renderer.header(ofAssistant: Message(callTo: recipients[0], isCode: tools.isCode(recipients[0])))
            return
        }
        let channel = recipients.contains { $0.hasPrefix("functions.") } ? "commentary" : "analysis"
        // The point is part of the token that follows, so it is the model's.
        let namespaces = Set(recipients.map { $0.prefix { $0 != "." } })
        let namespace = namespaces.count == 1 ? namespaces.first ?? "" : ""
        ids =
            [SpecialToken.channel.id] + renderer.encoding.encode(channel)
            + renderer.encoding.encode(" to=\(namespace)")
    }
}

extension Message {
    /// A call as models write it: of the client's functions on `commentary`, of tools of ours on `analysis`.
    ///
    /// - Parameter isCode: Whether the text is an argument of its own, as with `python`, and no JSON.
    init(callTo recipient: String, isCode: Bool = false, text: String = "") {
        self.init(
            role: .assistant,
            recipient: recipient,
            channel: recipient.hasPrefix("functions.") ? "commentary" : "analysis",
            contentType: isCode ? "code" : "<|constrain|>json",
            text: text
        )
    }
}
