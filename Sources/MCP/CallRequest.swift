internal import JSON
internal import Logging
internal import Synchronization
internal import Tokenizer

/// A call of a tool as a client asked for it.
struct CallRequest: Sendable {
    /// How long a progress token may be, in bytes: each notification has it.
    private static let tokenBytesMax = 256

    /// What to call; nil when there is no such tool.
    let tool: (any Tool)?
    /// What to tell the model instead of calling.
    let refusal: String?
    let arguments: JSONValue?
    let session: SessionKey
    /// What notifications of progress are sent under; nil sends none.
    let progressToken: JSONValue?
    /// What the client asked for beside the text of its progress; an object, or it counts for nothing.
    let details: JSONValue?
    /// What counts the output in tokens; nil without a vocabulary.
    let encoding: Encoding?

    /// Carries the call out, and says how it ended; nil when it was cancelled.
    func run(send: @escaping @Sendable (OutgoingMessage) async -> Void) async -> CallOutcome? {
        guard let token = RequestID(progressToken)?.value, (token.string ?? "").utf8.count <= Self.tokenBytesMax else {
            return await outcome { _ in }.map { CallOutcome(result: $0, progress: nil) }
        }
        let progress = ProgressStream(
            token: token,
            details: details?.object == nil ? nil : details,
            encoding: encoding
        )
        let streamed = Mutex("")
        async let end = progress.forward(to: send)
        let result = await outcome { output in
            streamed.withLock { $0 += output.text }
            progress.append(output.text)
        }
        let completed = result.map { complete($0, after: streamed.withLock { $0 }, in: progress) }
        let progressEnd = await end
        return completed.map { CallOutcome(result: $0, progress: progressEnd) }
    }

    /// Sends what the result shows beyond what was streamed; a result that begins otherwise is none that was streamed.
    private func complete(_ result: ToolResult, after streamed: String, in progress: ProgressStream) -> ToolResult {
        let isExact = result.isExact && result.text.utf8.starts(with: streamed.utf8)
        if isExact { progress.append(String(decoding: result.text.utf8.dropFirst(streamed.utf8.count), as: UTF8.self)) }
        progress.finish(result.text, isExact: isExact)
        return isExact
            ? result
            : ToolResult(
                content: result.content,
                isError: result.isError,
                meta: result.meta,
                isExact: false
            )
    }

    /// The arguments; also where the client passed on a string in which a model had written them.
    private var members: JSONObject? {
        switch arguments {
        case nil, .null?: [:]
        case .string(let text)?: (try? ArgumentText(reading: text))?.members
        case .some(let value): value.object
        }
    }

    /// Calls the tool; nil when the caller was cancelled.
    func outcome(output: @escaping @Sendable (ToolOutput) async -> Void) async -> ToolResult? {
        guard let tool else { return ToolResult(text: refusal ?? "There is no such tool.", isError: true) }
        guard let arguments = members else {
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
    /// What was streamed; nil when nobody asked.
    let progress: ProgressStream.End?

    func message(to id: RequestID, in envelope: ResultEnvelope) -> OutgoingMessage {
        let whole = message(result, to: id, in: envelope)
        guard whole.bytes.count > OutgoingMessage.bytesMax else { return whole }
        let room = OutgoingMessage.bytesMax - (id.value.string ?? "").encodedJSONBytes
        return message(result.fitting(bytesMax: room), to: id, in: envelope)
    }

    private func message(_ result: ToolResult, to id: RequestID, in envelope: ResultEnvelope) -> OutgoingMessage {
        let output: JSONValue? = progress.map { end in
            let members: JSONObject = [
                "seq": .integer(end.notifications + 1), "exact": .bool(result.isExact),
            ]
            return .object(members.merging(end.tokens))
        }
        return .result(envelope.completing(result.members(output: output)), to: id)
    }
}
