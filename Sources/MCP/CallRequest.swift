internal import Logging

/// A call of a tool as a client asked for it.
struct CallRequest: Sendable {
    /// What to call; nil when there is no such tool.
    let tool: (any Tool)?
    /// What to tell the model instead of calling.
    let refusal: String?
    let arguments: JSONValue?
    let session: SessionKey
    let meta: JSONValue?

    /// Carries the call out, and says how it ended; nil when it was cancelled.
    func run(send: @escaping @Sendable (OutgoingMessage) async -> Void) async -> CallOutcome? {
        guard let token = RequestID(meta?[MetaKey.progressToken])?.value else {
            return await outcome { _ in }.map { CallOutcome(result: $0, notifications: nil) }
        }
        let progress = ProgressStream(token: token, isDetailed: meta?[MetaKey.stream]?.object != nil)
        async let count = progress.forward(to: send)
        let result = await outcome { progress.append($0.text) }
        progress.finish()
        let notifications = await count
        return result.map { CallOutcome(result: $0, notifications: notifications) }
    }

    private func outcome(output: @escaping @Sendable (ToolOutput) async -> Void) async -> ToolResult? {
        guard let tool else { return ToolResult(text: refusal ?? "There is no such tool.", isError: true) }
        guard let arguments = arguments.map({ $0.isNull ? [:] : $0.object }) ?? [:] else {
            let name = tool.description.name
            return ToolResult(text: "The arguments of `\(name)` have to be a JSON object.", isError: true)
        }
        do {
            return try await tool.call(ToolCall(arguments: arguments, session: session), output: output)
        } catch is CancellationError {
            // Not cancelled by the client, which therefore waits for an answer.
            return Task.isCancelled ? nil : ToolResult(text: "The call was cancelled.", isError: true)
        } catch {
            Logger.current.error(
                "Tool failed",
                metadata: ["tool": "\(tool.description.name)", "error": "\(error)"]
            )
            let text = "The tool failed, for a reason that has nothing to do with the call. Try again in a moment."
            return ToolResult(text: text, isError: true)
        }
    }
}

/// How a call ended, and what had been said before.
struct CallOutcome: Sendable {
    let result: ToolResult
    /// How many progress notifications there were; nil when none were asked for.
    let notifications: Int?

    func message(to id: RequestID, in envelope: ResultEnvelope) -> OutgoingMessage {
        let whole = message(result, to: id, in: envelope)
        guard whole.bytes.count > OutgoingMessage.bytesMax else { return whole }
        return message(result.fitting(bytesMax: OutgoingMessage.bytesMax), to: id, in: envelope)
    }

    private func message(_ result: ToolResult, to id: RequestID, in envelope: ResultEnvelope) -> OutgoingMessage {
        let output: JSONValue? = notifications.map { count in
            ["seq": .integer(count + 1), "exact": .bool(result.isExact)]
        }
        return .result(envelope.completing(result.members(output: output)), to: id)
    }
}
