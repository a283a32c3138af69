internal import Harmony

/// Where a response begins: the prompt of its conversation, as far as the engine has room for it.
struct Opening: Sendable {
    /// The ids of the conversation.
    let prompt: Prompt
    /// How long the prompt and what follows it may be together, in tokens.
    let contextTokensMax: Int

    /// What a turn's beginning, and the message that is cut, take beside what is sampled, in tokens.
    static let marginTokens = 16

    /// Makes the prompt. Where the request says `truncation: auto`, the oldest turns make room for a quarter of the context, or
    /// for all that may be sampled if that is less.
    ///
    /// - Throws: ``ResponseError`` for a conversation that is too long, and `HarmonyError` for a mistake of this program.
    init(_ setting: ResponseRun.Setting) async throws {
        let contextMax = min(setting.limits.contextTokensMax, await setting.engine.contextTokensMax ?? .max)
        contextTokensMax = contextMax
        let whole = try Self.whole(setting)
        let room = contextMax - Self.marginTokens
        let free = setting.request.isTruncated ? min(setting.request.outputTokensMax ?? .max, contextMax / 4) : 1
        let isTooLong = whole.ids.count > room - free
        prompt =
            isTooLong && setting.request.isTruncated
            ? try Self.newestTurns(of: setting.conversation, atMost: room - free, setting.renderer) : whole
        guard prompt.ids.count >= room else { return }
        throw Self.tooLong(whole.ids.count, room: room - 1)
    }

    /// The prompt of a conversation, whatever there is room for.
    static func whole(_ setting: ResponseRun.Setting) throws(HarmonyError) -> Prompt {
        if let growing = setting.growing { return growing }
        return try Prompt(renderer: setting.renderer, history: setting.conversation.messages)
    }

    /// The prompt of a conversation, without its oldest turns where it would have more than `idsMax` ids.
    static func fitting(
        _ conversation: Conversation,
        atMost idsMax: Int,
        _ renderer: Renderer
    ) throws(HarmonyError) -> Prompt {
        let whole = try Prompt(renderer: renderer, history: conversation.messages)
        return whole.ids.count <= idsMax ? whole : try newestTurns(of: conversation, atMost: idsMax, renderer)
    }

    /// The refusal of a conversation of `count` tokens where there is room for `room`.
    static func tooLong(_ count: Int, room: Int) -> ResponseError {
        ResponseError(
            .invalidRequest,
            code: "context_length_exceeded",
            parameter: "input",
            "The conversation has \(count) tokens, and the model has room for \(max(0, room)). Shorten it, or "
                + "set `truncation` to auto."
        )
    }

    /// The prompt without so many turns that it has at most `idsMax` ids, or that the last turn alone is left.
    ///
    /// The messages of the system and of the developer stay. A turn begins with a message of the user.
    private static func newestTurns(
        of conversation: Conversation,
        atMost idsMax: Int,
        _ renderer: Renderer
    ) throws(HarmonyError) -> Prompt {
        let dialog = conversation.dialog
        let head = Array(conversation.messages.dropLast(dialog.count))
        let starts = dialog.indices.filter { dialog[$0].role == .user }
        func prompt(from start: Int) throws(HarmonyError) -> Prompt {
            try Prompt(renderer: renderer, history: head + dialog[start...])
        }
        // With more turns the prompt only grows, so the place is found by halving.
        var range = 0..<max(0, starts.count - 1)
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            let fits = try prompt(from: starts[middle]).ids.count <= idsMax
            range = fits ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return try prompt(from: starts.isEmpty ? 0 : starts[range.lowerBound])
    }
}
