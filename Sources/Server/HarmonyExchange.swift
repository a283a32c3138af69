internal import HTTPTypes
internal import Harmony
internal import MCP
internal import Synchronization
internal import Tokenizer

/// Calls in Harmony and their answers: each call's tool is run, one after the other, and its output made a tool message.
struct HarmonyExchange: Sendable {
    /// A step of the answer.
    enum Event: Sendable {
        /// A tool runs; the ids are the header of the message to come.
        case started(tool: String, channel: String?, header: [UInt32])
        /// What the content goes on with, and those ids of it that are certain now.
        case output(number: Int, text: String, ids: [UInt32])
        /// All of the messages.
        case finished(HarmonyAnswer)
    }

    private let calls: [HarmonyCall]
    private let session: SessionKey
    private let renderer: Renderer
    private let repairs: [String]
    /// What the body takes of the memory for bodies, for as long as the call is kept.
    private let body: BodyBudget.Share

    /// Finds the tools for the calls among those of `servers`. Refuses what is no call.
    init(
        _ request: HarmonyRequest,
        session: SessionKey,
        servers: [MCPServer],
        encoding: Encoding,
        body: BodyBudget.Share
    ) throws(Problem) {
        let tools = HarmonyTools(of: servers, wanted: request.tools)
        var calls: [HarmonyCall] = []
        for call in request.calls { calls.append(try HarmonyCall(call, among: tools, isLenient: request.isLenient)) }
        self.calls = calls
        self.body = body
        self.session = session
        renderer = Renderer(encoding: encoding, flavor: request.flavor)
        repairs = request.repairs + calls.flatMap(\.repairs)
    }

    /// Runs the tools; `send` takes the steps, the last of which is the answer. Ends without one when it is cancelled.
    func run(send: @escaping @Sendable (Event) async -> Void) async {
        await CallThreads.shared.run(for: session.id) { await runOnLane(send) }
    }

    private func runOnLane(_ send: @escaping @Sendable (Event) async -> Void) async {
        var messages: [HarmonyAnswer.Message] = []
        for call in calls {
            guard let message = await answer(to: call, send: send) else { return }
            messages.append(message)
        }
        await send(.finished(HarmonyAnswer(messages: messages, repairs: repairs, session: session)))
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
            isError: result.isError
        )
    }

    /// Nil once the caller is cancelled.
    private func result(of call: HarmonyCall, _ output: HarmonyOutput) async -> ToolResult? {
        switch call.work {
        case .run(let server, let tool, let arguments):
            await server.call(tool, arguments: arguments, in: session) { await output.append($0.text) }
        case .refuse(let sentence): ToolResult(text: sentence, isError: true)
        }
    }
}

/// The whole answer to the calls in what a model sampled.
struct HarmonyAnswer: Sendable {
    /// A tool's message.
    struct Message: Sendable {
        let message: Harmony.Message
        /// The message as text, its control tokens included.
        let text: String
        let rendered: RenderedMessage
        let isError: Bool
    }

    let messages: [Message]
    let repairs: [String]
    let session: SessionKey
}

/// The output of one call as text and tokens, in the order in which it comes.
private actor HarmonyOutput {
    private let send: @Sendable (HarmonyExchange.Event) async -> Void
    private var encoder: IncrementalEncoder
    private var text = ""
    private var ids: [UInt32] = []
    private var count = 0

    init(_ encoding: Encoding, send: @escaping @Sendable (HarmonyExchange.Event) async -> Void) {
        self.send = send
        encoder = IncrementalEncoder(encoding)
    }

    func append(_ piece: String) async {
        guard !piece.isEmpty else { return }
        text += piece
        await tell(piece, encoder.feed(piece.utf8.span))
    }

    /// Adds what the result shows beyond what came; what came stays, also where the result shows something else.
    func finish(_ result: ToolResult) async -> (text: String, ids: [UInt32]) {
        if result.text.utf8.starts(with: text.utf8) {
            await append(String(decoding: result.text.utf8.dropFirst(text.utf8.count), as: UTF8.self))
        }
        let rest = encoder.finish()
        if !rest.isEmpty { await tell("", rest) }
        return (text, ids)
    }

    private func tell(_ piece: String, _ new: [UInt32]) async {
        count += 1
        ids += new
        await send(.output(number: count, text: piece, ids: new))
    }
}
