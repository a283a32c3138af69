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
        /// One that does not show: a tool that is not there, or a message that is not the model's to write.
        case hidden
    }

    /// A call that waits until the model has stopped.
    private struct PendingCall {
        /// Nil for a tool that is not there.
        var item: CallItem?
        let message: Message
    }

    private let setting: ResponseRun.Setting
    private let writer: ResponseWriter
    private var prompt: Prompt
    private var reader: TurnReader
    private var open: OpenItem?
    private var pending: [PendingCall] = []
    private var hasStopped = false
    private var isCut = false
    private var callCount = 0
    /// The calls that the client carries out, with what the model called them.
    private(set) var handedOut: [String: String] = [:]
    private(set) var usage = Usage()
    /// The messages that the response has added to the conversation.
    private(set) var messages: [Message] = []
    /// What was repaired, one code each.
    private(set) var repairs: [String] = []

    init(_ setting: ResponseRun.Setting, writer: ResponseWriter) throws(HarmonyError) {
        self.setting = setting
        self.writer = writer
        prompt = try Prompt(renderer: setting.renderer, history: setting.conversation.messages)
        reader = TurnReader(setting.renderer.encoding)
    }

    /// Goes on until the model answers, the client has to, or a limit is reached.
    ///
    /// - Throws: ``EngineError``, `CancellationError`, and ``HarmonyError`` for a mistake of this program.
    mutating func run() async throws -> ResponseResource.Ending {
        var isFirst = true
        let contextMax = min(setting.limits.contextTokensMax, await setting.engine.contextTokensMax ?? .max)
        while true {
            let room = min(
                (setting.request.outputTokensMax ?? .max) - usage.outputCount,
                contextMax - prompt.ids.count - Self.marginTokens
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

    /// What a turn's beginning, and the message that is cut, take beside what is sampled.
    private static let marginTokens = 16
}

// The model's part.
extension ResponseLoop {
    private mutating func sample(atMost tokensMax: Int, isFirst: Bool) async throws {
        reader = TurnReader(setting.renderer.encoding)
        hasStopped = false
        if isFirst { try await force(setting.request.toolChoice) }
        usage.beginTurn(promptCount: prompt.ids.count)
        var request = SamplingRequest(prompt: prompt.ids, tokensMax: tokensMax)
        request.temperature = setting.request.temperature
        request.topP = setting.request.topP
        let end = try await setting.engine.sample(request) { ids in
            for id in ids { try await take(id) }
        }
        if let cached = end.cachedCount { usage.setCached(cached) }
        isCut = end.reason == .length
        if !hasStopped { try prompt.endTurn() }
        for step in reader.finish() { await show(step) }
        repairs += reader.diagnostics.map(\.description)
    }

    /// Begins the call that the client wants, for the model to go on with its arguments.
    private mutating func force(_ choice: ResponseRequest.ToolChoice) async throws {
        guard case .function(let name) = choice else { return }
        let call = Message(
            role: .assistant,
            recipient: "functions.\(name)",
            channel: "commentary",
            contentType: "<|constrain|>json",
            content: []
        )
        for id in setting.renderer.header(ofAssistant: call) {
            try prompt.appendSampled(id)
            for step in reader.read(id) { await show(step) }
        }
    }

    private mutating func take(_ id: UInt32) async throws {
        guard !hasStopped else { return }
        try prompt.appendSampled(id)
        hasStopped = stopIDs.contains(id) || id == SpecialToken.endOfText.id
        usage.countSampled(isReasoning: isReasoning && id < SpecialToken.startOfText.id)
        for step in reader.read(id) { await show(step) }
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
            case .hidden, nil: break
            }
        case .ended(let parsed): await end(parsed)
        }
    }

    private func begin(_ message: Message) async -> OpenItem {
        guard message.role == .assistant else { return .hidden }
        guard let recipient = message.recipient, recipient != "all", recipient != "assistant" else {
            switch message.channel {
            case "analysis": return .text(TextItem(.reasoning))
            case "final": return .text(TextItem(.message(phase: "final_answer")))
            default: return .text(TextItem(.message(phase: "commentary")))
            }
        }
        guard let form = CallItem.Form(setting.tools.target(of: recipient)) else { return .hidden }
        var item = CallItem(
            form,
            containerID: setting.session.id,
            showsOutputs: setting.request.included.contains("code_interpreter_call.outputs"),
            streamsOutput: setting.request.included.contains("harmonium:tool_output")
        )
        await item.begin(writer)
        return .call(item)
    }

    private mutating func end(_ parsed: ParsedMessage) async {
        let wasCut = isCut && parsed.end == .endOfStream
        let item = open
        open = nil
        guard parsed.message.role == .assistant else { return repairs.append("hallucinated_role") }
        messages.append(parsed.message)
        switch item {
        case .text(var item): await item.end(isCut: wasCut, writer)
        case .call(var item) where wasCut: await item.cut(writer)
        case .call(var item):
            await item.endArguments(writer)
            if let id = item.functionCallID {
                handedOut[id] = parsed.message.recipient
            } else {
                pending.append(PendingCall(item: item, message: parsed.message))
            }
        case .hidden where wasCut: break
        case .hidden:
            repairs.append("unknown_recipient")
            pending.append(PendingCall(item: nil, message: parsed.message))
        case nil: break
        }
    }
}

// The tools' part.
extension ResponseLoop {
    private mutating func carryOut(_ call: PendingCall) async throws {
        guard var item = call.item else { return try refuse(call.message) }
        callCount += 1
        let harmonyCall = try HarmonyCall(call.message, among: setting.tools.directory, isLenient: true)
        repairs += harmonyCall.repairs
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

    private mutating func refuse(_ call: Message) throws {
        guard let recipient = call.recipient, let reply = ToolReply(to: call) else { return }
        try append(setting.tools.refusal(of: recipient), of: reply)
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
    /// How calls of a target show; nil for one that is not there.
    fileprivate init?(_ target: ToolPlan.Target) {
        switch target {
        case .unknown: return nil
        case .function(let name): self = .function(name: name)
        case .own(let entry, .mcp(let label)):
            let description = entry.tool.description
            self = .mcp(label: label, name: description.name, textArgument: description.textArgument)
        case .own(_, .codeInterpreter): self = .codeInterpreter
        case .own(let entry, .webSearch): self = .webSearch(name: entry.name)
        case .own(_, .shell): self = .shell
        }
    }
}
