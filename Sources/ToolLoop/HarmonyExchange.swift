public import Harmony
public import JSON
public import MCP
internal import Tokenizer

/// Calls in Harmony and their answers: each call's tool runs, one after the other, and its output becomes a tool message.
public struct HarmonyExchange: Sendable {
    /// A step of the answer.
    public enum Event: Sendable {
        /// A tool runs; the ids are the header of the message to come.
        case started(tool: String, channel: String?, header: [UInt32])
        /// What the content goes on with, and those ids of it that are certain now; `number` counts from 1 in each message.
        case output(number: Int, text: String, ids: [UInt32])
        /// All messages.
        case finished(HarmonyAnswer)
    }

    private let calls: [HarmonyCall]
    private let session: SessionKey
    private let renderer: Renderer

    /// Runs `calls` on the state of `session`, and renders the answers with `renderer`.
    public init(_ calls: [HarmonyCall], session: SessionKey, renderer: Renderer) {
        self.calls = calls
        self.session = session
        self.renderer = renderer
    }

    /// Runs the tools.
    ///
    /// - Parameter send: Takes the steps in order, the last of which is the answer; a tool never waits for it longer than
    ///   it takes to send one. There is no answer once the task is cancelled.
    public func run(send: @escaping @Sendable (Event) async -> Void) async {
        var messages: [HarmonyAnswer.Message] = []
        for call in calls {
            guard let message = await answer(to: call, send: send) else { return }
            messages.append(message)
        }
        await send(.finished(HarmonyAnswer(messages: messages, repairs: calls.flatMap(\.repairs))))
    }

    private func answer(
        to call: HarmonyCall,
        send: @escaping @Sendable (Event) async -> Void
    ) async -> HarmonyAnswer.Message? {
        let reply = call.reply
        let header = renderer.header(of: reply)
        await send(.started(tool: reply.tool, channel: reply.channel, header: header))
        let output = HarmonyOutput(renderer.encoding, send: send)
        guard let result = await result(of: call, output) else { return nil }
        let (text, content) = await output.finish(result)
        let rendered = RenderedMessage(header: header, content: content, end: SpecialToken.end.id)
        return HarmonyAnswer.Message(
            message: reply.message(text),
            text: renderer.text(of: rendered.ids),
            rendered: rendered,
            isError: result.isError,
            meta: result.meta
        )
    }

    /// Nil once the caller is cancelled.
    private func result(of call: HarmonyCall, _ output: HarmonyOutput) async -> ToolResult? {
        switch call.work {
        case .run(let tool, let arguments):
            await tool.result(of: ToolCall(arguments: arguments, session: session)) { await output.append($0) }
        case .refuse(let sentence): ToolResult(text: sentence, isError: true)
        }
    }
}

/// The whole answer to the calls in what a model sampled.
public struct HarmonyAnswer: Sendable {
    /// A tool's message.
    public struct Message: Sendable {
        /// The message.
        public let message: Harmony.Message
        /// The message as text, its control tokens included.
        public let text: String
        /// The message as ids.
        public let rendered: RenderedMessage
        /// Whether the call did not do what it was asked to.
        public let isError: Bool
        /// What the tool says to programs, beside the text.
        public let meta: JSONObject
    }

    /// One message for each call, in order.
    public let messages: [Message]
    /// What was repaired in the calls, one code each.
    public let repairs: [String]
}

/// The output of one call as text and tokens, in the order in which it comes.
private actor HarmonyOutput {
    private let send: @Sendable (HarmonyExchange.Event) async -> Void
    private var tokenizer: OutputTokenizer
    private var text = ""
    private var ids: [UInt32] = []
    private var count = 0

    init(_ encoding: Encoding, send: @escaping @Sendable (HarmonyExchange.Event) async -> Void) {
        self.send = send
        tokenizer = OutputTokenizer(encoding)
    }

    func append(_ output: ToolOutput) async {
        text += output.text
        let new = tokenizer.ids(of: output)
        if !output.text.isEmpty || !new.isEmpty { await pass(on: output.text, new) }
    }

    /// Adds what the result shows beyond what came; what came stays, also where the result shows something else.
    func finish(_ result: ToolResult) async -> (text: String, ids: [UInt32]) {
        await append(ToolOutput(text: tokenizer.rest(of: result, after: text)))
        let last = tokenizer.finish()
        if !last.isEmpty { await pass(on: "", last) }
        return (text, ids)
    }

    private func pass(on piece: String, _ new: [UInt32]) async {
        count += 1
        ids += new
        await send(.output(number: count, text: piece, ids: new))
    }
}
