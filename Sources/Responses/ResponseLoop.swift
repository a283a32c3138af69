internal import Harmony
internal import JSON
internal import MCP
internal import Synchronization
internal import Tokenizer
internal import ToolLoop

/// The Harmony tool loop of one response: the model samples, its calls are carried out, and it samples again, on one list
/// of ids that only grows.
struct ResponseLoop {
    /// A message of the model's on its way into the response.
    private enum OpenItem {
        case text(TextItem)
        case call(CallItem)
        case clientCall(ClientCallItem)
        /// One that does not show: a tool that is not there, or a message that is not the model's to write.
        case hidden
    }

    /// A call that waits until the model has stopped.
    private enum PendingCall {
        case run(CallItem, Message)
        /// One that cannot be carried out, with what the model reads about it.
        case refuse(Message, String)
    }

    /// Why sampling ends before the model does.
    private enum Interruption: Error {
        /// The answer begins, which is sampled with a guide.
        case answerBegins
        /// One call is all that the request wants at a time.
        case callEnded
    }

    private let setting: ResponseRun.Setting
    private let writer: ResponseWriter
    private let contextTokensMax: Int
    /// All ids: what the response began with, and what was sampled and answered.
    private(set) var prompt: Prompt
    private var reader: TurnReader
    private var open: OpenItem?
    private var pending: [PendingCall] = []
    private var hasStopped = false
    private var isCut = false
    private var interruption: Interruption?
    private var callCount = 0
    /// The calls that the client carries out, with what the model called them.
    private(set) var handedOut: [String: String] = [:]
    private(set) var usage = Usage()
    /// The messages that the response has added to the conversation.
    private(set) var messages: [Message] = []
    /// What was repaired, one code each.
    private(set) var repairs: [String] = []

    init(_ setting: ResponseRun.Setting, from opening: Opening, writer: ResponseWriter) {
        self.setting = setting
        self.writer = writer
        prompt = opening.prompt
        contextTokensMax = opening.contextTokensMax
        reader = TurnReader(setting.renderer.encoding)
    }

    /// Goes on until the model answers, the client has to, or a limit is reached.
    ///
    /// - Throws: ``EngineError``, `CancellationError`, and ``HarmonyError`` for a mistake of this program.
    mutating func run() async throws -> ResponseResource.Ending {
        var isFirst = true
        while true {
            let room = min(
                (setting.request.outputTokensMax ?? .max) - usage.outputCount,
                contextTokensMax - prompt.ids.count - Opening.marginTokens
            )
            guard room > 0 else { return .incomplete(reason: "max_output_tokens") }
            try prompt.beginTurn()
            try await sample(atMost: room, isFirst: isFirst)
            isFirst = false
            if isCut { return .incomplete(reason: "max_output_tokens") }
            guard !pending.isEmpty else { return .completed }
            for call in pending { try await carryOut(call) }
            pending = []
            guard handedOut.isEmpty else { return .completed }
        }
    }
}

// The model's part.
extension ResponseLoop {
    private mutating func sample(atMost tokensMax: Int, isFirst: Bool) async throws {
        reader = TurnReader(setting.renderer.encoding)
        hasStopped = false
        if isFirst { try await forceCall() }
        usage.beginTurn(promptCount: prompt.ids.count)
        let before = usage.outputCount
        let end = try await sample(SamplingRequest(prompt: prompt.ids, tokensMax: tokensMax))
        if let cached = end?.cachedCount { usage.setCached(cached) }
        isCut = end?.reason == .length
        if interruption == .answerBegins { try await sampleAnswer(atMost: tokensMax - usage.outputCount + before) }
        if !hasStopped { try prompt.endTurn() }
        for step in reader.finish() { await show(step) }
        repairs += reader.diagnostics.map(\.code.rawValue)
    }

    /// Goes on with the answer, in the form that the request wants it to have. To the client it is the same turn.
    private mutating func sampleAnswer(atMost tokensMax: Int) async throws {
        guard tokensMax > 0 else { return isCut = true }
        var request = SamplingRequest(prompt: prompt.ids, tokensMax: tokensMax)
        request.guide = setting.request.guide
        isCut = try await sample(request)?.reason == .length
    }

    /// Nil where sampling was interrupted.
    private mutating func sample(_ request: SamplingRequest) async throws -> SamplingEnd? {
        var request = request
        request.temperature = setting.request.temperature
        request.topP = setting.request.topP
        interruption = nil
        do {
            return try await setting.engine.sample(request) { ids in
                for id in ids { try await take(id, isGuided: request.guide != nil) }
            }
        } catch is Interruption {
            return nil
        }
    }

    /// Begins the call that the client wants, for the model to go on with.
    private mutating func forceCall() async throws {
        guard !setting.tools.required.isEmpty else { return }
        for id in ForcedCall(to: setting.tools.required, in: setting.tools, setting.renderer).ids {
            try prompt.appendSampled(id)
            for step in reader.read(id) { await show(step) }
        }
    }

    private mutating func take(_ id: UInt32, isGuided: Bool) async throws {
        guard !hasStopped else { return }
        try prompt.appendSampled(id)
        hasStopped = stopIDs.contains(id) || id == SpecialToken.endOfText.id
        usage.countSampled(isReasoning: isReasoning && id < SpecialToken.startOfText.id)
        for step in reader.read(id) { await show(step) }
        if let interruption, !hasStopped, !isGuided { throw interruption }
    }

    private var isReasoning: Bool {
        if case .text(let item)? = open { item.isReasoning } else { false }
    }

    private mutating func show(_ step: TurnReader.Step) async {
        switch step {
        case .began(let message): open = await begin(message)
        case .text(let text):
            switch open {
            case .text(var item):
                await item.append(text, writer)
                open = .text(item)
            case .call(var item):
                await item.append(text, writer)
                open = .call(item)
            case .clientCall(var item):
                await item.append(text, writer)
                open = .clientCall(item)
            case .hidden, nil: break
            }
        case .ended(let parsed): await end(parsed)
        }
    }

    private mutating func begin(_ message: Message) async -> OpenItem {
        guard message.role == .assistant else { return .hidden }
        guard let recipient = message.recipient, recipient != "all", recipient != "assistant" else {
            return await beginText(on: message.channel)
        }
        switch setting.tools.target(of: recipient) {
        case .unknown: return .hidden
        case .client(let tool):
            var item = ClientCallItem(tool)
            await item.begin(writer)
            return .clientCall(item)
        case .own(let entry, let style):
            var item = CallItem(
                CallItem.Form(entry, style),
                containerID: setting.session.id,
                showsOutputs: setting.request.included.contains("code_interpreter_call.outputs"),
                streamsOutput: setting.request.included.contains("harmonium:tool_output")
            )
            await item.begin(writer)
            return .call(item)
        }
    }

    private mutating func beginText(on channel: String?) async -> OpenItem {
        guard channel != "analysis" else { return .text(TextItem(.reasoning)) }
        let isAnswer = channel == "final"
        let isGuided = setting.request.guide != nil
        if isAnswer, isGuided, setting.engine.isGuidable { interruption = .answerBegins }
        let resolver = isGuided ? nil : await setting.citedPages?.resolver()
        return .text(TextItem(.message(phase: isAnswer ? "final_answer" : "commentary"), resolver: resolver))
    }

    private mutating func end(_ parsed: ParsedMessage) async {
        let message = parsed.message
        let wasCut = isCut && parsed.end == .endOfStream
        let item = open
        open = nil
        guard message.role == .assistant else { return repairs.append("hallucinated_role") }
        messages.append(message)
        switch item {
        case .text(var item): return await item.end(isCut: wasCut, writer)
        case .call(var item) where wasCut: return await item.cut(writer)
        case .clientCall(var item) where wasCut: return await item.cut(writer)
        case .hidden where wasCut: return
        case nil: return
        case .call(var item):
            await item.endArguments(writer)
            pending.append(.run(item, message))
        case .clientCall(let item): await handOut(item, message)
        case .hidden:
            repairs.append("unknown_recipient")
            pending.append(.refuse(message, setting.tools.refusal(of: message.recipient ?? "")))
        }
        if !setting.request.isParallel { interruption = .callEnded }
    }

    private mutating func handOut(_ item: ClientCallItem, _ message: Message) async {
        var item = item
        do throws(ClientCall.Unreadable) {
            try await item.end(writer)
            handedOut[item.callID] = message.recipient
        } catch {
            repairs.append("unreadable_call")
            pending.append(.refuse(message, error.sentence))
        }
    }
}

// The tools' part.
extension ResponseLoop {
    private mutating func carryOut(_ call: PendingCall) async throws {
        switch call {
        case .run(let item, let message): try await run(item, message)
        case .refuse(let message, let sentence):
            guard let reply = ToolReply(to: message) else { return }
            try append(sentence, of: reply)
        }
    }

    private mutating func run(_ item: CallItem, _ message: Message) async throws {
        var item = item
        callCount += 1
        let harmonyCall = try HarmonyCall(message, among: setting.tools.directory, isLenient: true)
        // Without the name that the model wrote.
        repairs += harmonyCall.repairs.map { $0.hasPrefix("recipient:") ? "recipient" : $0 }
        await item.beginRun(writer)
        if let most = setting.request.toolCallsMax, callCount > most {
            let sentence = "The limit of \(most) tool calls is reached. Answer with what there is."
            await item.showOutput(sentence, writer)
            await item.endRun(sentence, isError: true, meta: [:], writer)
            return try append(sentence, of: harmonyCall.reply)
        }
        guard let answer = await answer(to: harmonyCall, showing: item) else { throw CancellationError() }
        await item.endRun(answer.message.text, isError: answer.isError, meta: answer.meta, writer)
        try append(answer.rendered.content, text: answer.message, of: harmonyCall.reply)
    }

    private func answer(to call: HarmonyCall, showing item: CallItem) async -> HarmonyAnswer.Message? {
        let answer = Mutex<HarmonyAnswer.Message?>(nil)
        let exchange = HarmonyExchange([call], session: setting.session, renderer: setting.renderer)
        await withWarmUp { [writer] extend in
            await exchange.run { event in
                switch event {
                case .started(_, _, let header): extend(header)
                case .output(_, let text, let ids):
                    extend(ids)
                    if !text.isEmpty { await item.showOutput(text, writer) }
                case .finished(let all): answer.withLock { $0 = all.messages.first }
                }
            }
        }
        return answer.withLock(\.self)
    }

    /// Lends what has the engine compute the ids of a tool's message as they become final, where it can.
    private func withWarmUp(_ body: (@escaping @Sendable ([UInt32]) -> Void) async -> Void) async {
        guard let warmUp = setting.warmUp else { return await body { _ in } }
        let ids = prompt.ids
        await warmUp.withFeed(after: ids) { feed in
            let growing = Mutex(ids)
            await body { new in
                growing.withLock {
                    $0 += new
                    feed.extend(to: $0)
                }
            }
        }
    }

    private mutating func append(_ sentence: String, of reply: ToolReply) throws {
        try append(setting.renderer.encoding.encode(sentence), text: reply.message(sentence), of: reply)
    }

    private mutating func append(_ content: [UInt32], text: Message, of reply: ToolReply) throws {
        let start = prompt.ids.count
        try prompt.beginToolMessage(reply)
        try prompt.appendToolOutput(content, at: 0)
        try prompt.endToolMessage()
        usage.countToolMessage(prompt.ids.count - start)
        messages.append(text)
    }
}

extension CallItem.Form {
    /// How calls of a tool of ours show.
    fileprivate init(_ entry: ToolDirectory.Entry, _ style: ItemStyle) {
        switch style {
        case .mcp(let label):
            let description = entry.tool.description
            self = .mcp(label: label, name: description.name, textArgument: description.textArgument)
        case .codeInterpreter: self = .codeInterpreter
        case .webSearch: self = .webSearch(name: entry.name)
        case .shell: self = .shell
        }
    }
}
