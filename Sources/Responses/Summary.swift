internal import Harmony
internal import JSON

/// What the model keeps of a conversation when it is compacted.
struct Summary: Sendable {
    /// How long a summary may be, in tokens.
    static let tokensMax = 4096

    let text: String
    /// What it took to write it.
    let usage: Usage

    /// Has the model write it, without thinking first.
    ///
    /// Where there is no room for all of the conversation its oldest turns are left out, as with `truncation: auto`.
    /// - Throws: ``ResponseError`` for a last turn that is too long, ``EngineError``, `CancellationError`, and `HarmonyError`
    ///   for a mistake of this program.
    init(of conversation: Conversation, _ setting: ResponseRun.Setting) async throws {
        let contextMax = min(setting.limits.contextTokensMax, await setting.engine.contextTokensMax ?? .max)
        let tokensMax = max(1, min(Self.tokensMax, contextMax / 4))
        let header = setting.renderer.header(ofAssistant: Message(role: .assistant, channel: "final", text: ""))
        let ask = Message(role: .user, text: Self.ask)
        let askCount = try setting.renderer.render(ask).ids.count
        let room = contextMax - tokensMax - Opening.marginTokens - header.count - askCount
        var prompt = try Opening.fitting(conversation, atMost: room, setting.renderer)
        guard prompt.ids.count <= room else { throw Opening.tooLong(prompt.ids.count, room: room) }
        try prompt.append(ask)
        try prompt.beginTurn()
        var reader = TurnReader(setting.renderer.encoding)
        for id in header {
            try prompt.appendSampled(id)
            _ = reader.read(id)
        }
        var usage = Usage()
        usage.beginTurn(promptCount: prompt.ids.count)
        var text = ""
        var hasEnded = false
        let end = try await setting.engine.sample(SamplingRequest(prompt: prompt.ids, tokensMax: tokensMax)) { ids in
            for id in ids where !hasEnded {
                usage.countSampled(isReasoning: false)
                for step in reader.read(id) {
                    if case .text(let piece) = step, !hasEnded { text += piece }
                    if case .ended = step { hasEnded = true }
                }
            }
        }
        if let cached = end.cachedCount { usage.setCached(cached) }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw EngineError(.broken, "The model wrote no summary. Try again.")
        }
        self.text = text
        self.usage = usage
    }

    private static let ask = """
        Summarize the conversation so far. It will be replaced by your summary and the user's messages, and you go on with \
        nothing else. Keep what is needed for that: what the user wants, what was found out and decided, names, numbers, \
        paths and errors word for word, what has been done, and what is left to do. Write the summary alone.
        """
}

/// The item that stands for a part of a conversation.
///
/// Its `encrypted_content` is a mark and the summary in base64. It hides nothing from the client, who knows the
/// conversation; and a client that changes it changes no more than it could say in a message.
struct CompactionItem: Sendable {
    private static let mark = "harmonium.1:"

    /// What the model reads in place of the messages.
    let message: Message
    private let summary: String

    init(_ summary: String) {
        self.summary = summary
        message = Message(
            role: .assistant,
            channel: "final",
            text: "This is my summary of the conversation up to here:\n\n\(summary)"
        )
    }

    /// Reads an item.
    ///
    /// - Throws: ``ResponseError`` for one that comes from elsewhere.
    init(_ fields: RequestFields) throws(ResponseError) {
        let content = try fields.requiredText("encrypted_content")
        guard content.hasPrefix(Self.mark),
            let bytes = [UInt8](base64: String(content.dropFirst(Self.mark.count))),
            let summary = String(validating: bytes, as: UTF8.self)
        else {
            throw .invalid(
                fields.name(of: "encrypted_content"),
                "This compaction was not made here, and cannot be read. Send the messages that it stands for."
            )
        }
        self.init(summary)
    }

    /// The item, as clients keep it.
    func json(id: String) -> JSONObject {
        [
            "id": .string(id), "type": "compaction",
            "encrypted_content": .string(Self.mark + String(base64: Array(summary.utf8))),
        ]
    }
}
