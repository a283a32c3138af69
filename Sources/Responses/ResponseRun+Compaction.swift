internal import Harmony
public import JSON

// A conversation becomes its user's messages and a summary of all else.
extension ResponseRun {
    /// The conversation compacted, as `/v1/responses/compact` answers (OpenAI, "Compact a response"): the user's messages, and
    /// an item that stands for all else.
    ///
    /// - Throws: ``ResponseError``, and `CancellationError`.
    public func compacted() async throws -> JSONValue {
        do {
            let summary = try await Summary(of: setting.conversation, setting)
            let kept = setting.conversation.dialog.filter { $0.role == .user }
            let items = kept.map { message -> JSONValue in
                [
                    "id": .string(ItemID.make("msg")), "type": "message", "role": "user", "status": "completed",
                    "content": .array(
                        message.content.compactMap { part in
                            if case .text(let text) = part {
                                ["type": "input_text", "text": .string(text)]
                            } else {
                                nil
                            }
                        }
                    ),
                ]
            }
            let item = CompactionItem(summary.text).json(id: ItemID.make("cmp"))
            return [
                "id": .string(id), "object": "response.compaction", "created_at": .integer(createdAt),
                "output": .array(items + [.object(item)]), "usage": summary.usage.json,
            ]
        } catch {
            throw error is CancellationError ? error : Self.failure(of: error)
        }
    }

    /// The run after a compaction, if the request asks for one and the conversation is long enough; the item shows.
    ///
    /// With `compaction_trigger` all of the conversation is compacted, else what is before the last message of the user.
    func compacting(_ writer: ResponseWriter) async throws -> ResponseRun {
        let dialog = setting.conversation.dialog
        let last = request.endsWithCompaction ? dialog.endIndex : dialog.lastIndex { $0.role == .user } ?? 0
        guard last > 0, try await isCompactionDue() else { return self }
        let id = ItemID.make("cmp")
        let index = await writer.add(["id": .string(id), "type": "compaction", "encrypted_content": ""])
        await writer.event("response.compaction.compacting", of: index)
        let summary = try await Summary(of: setting.conversation.with(dialog: Array(dialog[..<last])), setting)
        let item = CompactionItem(summary.text)
        await writer.finish(item.json(id: id), at: index)
        var setting = setting
        setting.conversation = setting.conversation.with(
            dialog: dialog[..<last].filter { $0.role == .user } + [item.message] + dialog[last...]
        )
        setting.growing = nil
        setting.usage = summary.usage
        return ResponseRun(self, with: setting)
    }

    /// Without a threshold three quarters of the context count.
    private func isCompactionDue() async throws -> Bool {
        guard !request.endsWithCompaction else { return true }
        guard request.isCompactable else { return false }
        let contextMax = min(setting.limits.contextTokensMax, await setting.engine.contextTokensMax ?? .max)
        let threshold = request.compactionTokens ?? contextMax / 4 * 3
        return try Opening.whole(setting).ids.count > threshold
    }
}
