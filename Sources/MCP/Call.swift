internal import JSON
internal import Tokenizer

/// A call of a tool as a client asked for it, and how it is answered.
struct Call: Sendable {
    /// How long a progress token may be, in bytes: each notification has it.
    private static let tokenBytesMax = 256

    /// The tool; nil when no tool has that name.
    let tool: (any Tool)?
    /// The result for the model where there is no such tool.
    let refusal: String
    let arguments: JSONValue?
    let session: SessionKey
    /// What notifications of progress are sent under; nil sends none.
    let progressToken: JSONValue?
    /// What the client asked for beside the text of its progress; an object, or it counts for nothing.
    let details: JSONValue?
    /// What counts the output in tokens; nil without a vocabulary.
    let encoding: Encoding?

    /// Carries the call out, sending its progress, and makes the message that answers the request `id`.
    /// - Returns: Nil when the call was cancelled.
    func answer(
        to id: RequestID,
        serverInfo: JSONValue?,
        send: @escaping @Sendable (OutgoingMessage) async -> Void
    ) async -> OutgoingMessage? {
        guard let token = RequestID(progressToken)?.value, (token.string ?? "").utf8.count <= Self.tokenBytesMax else {
            return await result { _ in }.map { Self.message($0, after: nil, to: id, serverInfo: serverInfo) }
        }
        let progress = ProgressStream(token: token, details: details?.object == nil ? nil : details, encoding: encoding)
        async let end = progress.forward(to: send)
        let result = await result { progress.append($0) }.map { progress.finish($0) }
        let progressEnd = await end
        return result.map { Self.message($0, after: progressEnd, to: id, serverInfo: serverInfo) }
    }

    private func result(output: @escaping @Sendable (ToolOutput) async -> Void) async -> ToolResult? {
        guard let tool else { return ToolResult(text: refusal, isError: true) }
        guard let members else {
            let name = tool.description.name
            return ToolResult(text: "The arguments of `\(name)` have to be a JSON object.", isError: true)
        }
        return await tool.result(of: ToolCall(arguments: members, session: session), output: output)
    }

    /// The arguments; also where the client passed on a string in which a model had written them.
    private var members: JSONObject? {
        switch arguments {
        case nil, .null?: [:]
        case .string(let text)?: (try? ArgumentText(reading: text))?.members
        case .some(let value): value.object
        }
    }

    /// The answer to the request `id`, cut so that it is no larger than a message may be.
    /// - Parameter progress: What was streamed before; nil when the client did not ask for it.
    static func message(
        _ result: ToolResult,
        after progress: ProgressStream.End?,
        to id: RequestID,
        serverInfo: JSONValue?
    ) -> OutgoingMessage {
        func message(_ result: ToolResult) -> OutgoingMessage {
            let output = progress.map { end in
                let members: JSONObject = ["seq": .integer(end.notifications + 1), "exact": .bool(result.isExact)]
                return members.merging(end.tokens)
            }
            return .result(result.members(output: output), to: id, serverInfo: serverInfo)
        }
        let whole = message(result)
        guard whole.bytes.count > OutgoingMessage.bytesMax else { return whole }
        let room = OutgoingMessage.bytesMax - (id.value.string ?? "").encodedJSONBytes
        return message(result.fitting(bytesMax: room))
    }
}
