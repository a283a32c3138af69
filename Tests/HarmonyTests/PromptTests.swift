import Harmony
import TestSupport
import Testing
import Tokenizer

/// One list of ids that only ever grows.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug")) struct PromptTests {
    @Test func `a conversation with a tool grows to what the renderer makes of it`() throws {
        let renderer = try Self.renderer()
        var prompt = try Growing(Prompt(renderer: renderer, history: Self.history))
        let call = Message(role: .assistant, recipient: "python", channel: "analysis", contentType: "code", text: "6*7")
        let reply = try #require(ToolReply(to: call))
        let answer = Message(role: .assistant, channel: "final", text: "It is 42.")
        try prompt.grow { try $0.beginTurn() }
        for id in try Self.sampled([Message(role: .assistant, channel: "analysis", text: "Hm."), call], renderer) {
            try prompt.grow { try $0.appendSampled(id) }
        }
        try prompt.grow { try $0.beginToolMessage(reply) }
        let output = renderer.encoding.encode("42\n<|end|>")
        for (offset, id) in output.enumerated() { try prompt.grow { try $0.appendToolOutput([id], at: offset) } }
        try prompt.grow { try $0.endToolMessage(text: "42\n<|end|>") }
        try prompt.grow { try $0.beginTurn() }
        for id in try Self.sampled([answer], renderer).dropLast() + [Self.returnToken] {
            try prompt.grow { try $0.appendSampled(id) }
        }
        #expect(prompt.prompt.isReturnHeldBack)
        try prompt.grow { try $0.append(Message(role: .user, text: "And 7*8?")) }
        let analysis = Message(role: .assistant, channel: "analysis", text: "Hm.")
        let conversation =
            Self.history + [
                analysis, call, reply.message("42\n<|end|>"), answer, Message(role: .user, text: "And 7*8?"),
            ]
        #expect(try prompt.prompt.ids == renderer.conversation(conversation, dropping: .never))
        #expect(prompt.prompt.stage == .boundary)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `every state extends the one before, and the end is what the renderer makes of it`(seed: UInt64) throws {
        let renderer = try Self.renderer()
        var random = SplitMix(seed: seed &+ 1)
        var conversation = Self.history
        var prompt = try Growing(Prompt(renderer: renderer, history: conversation))
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let text = Self.texts.randomElement(using: &random) ?? ""
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                conversation.append(Message(role: .user, text: text))
                try prompt.grow { try $0.append(Message(role: .user, text: text)) }
            case 1:
                let answer = Message(role: .assistant, channel: "final", text: text)
                conversation.append(answer)
                try prompt.grow { try $0.beginTurn() }
                for id in try Self.sampled([answer], renderer).dropLast() {
                    try prompt.grow { try $0.appendSampled(id) }
                }
                if Bool.random(using: &random) {
                    try prompt.grow { try $0.appendSampled(Self.returnToken) }
                } else {
                    try prompt.grow { try $0.endTurn() }
                }
            default:
                let reply = try Self.reply()
                conversation.append(reply.message(text))
                try Self.stream(text, of: reply, into: &prompt, &random)
            }
        }
        conversation.append(Message(role: .user, text: "end"))
        try prompt.grow { try $0.append(Message(role: .user, text: "end")) }
        #expect(try prompt.prompt.ids == renderer.conversation(conversation, dropping: .never))
    }

    @Test func `a cut turn is closed so that it can be read`() throws {
        let renderer = try Self.renderer()
        let whole = try Self.sampled([Message(role: .assistant, channel: "final", text: "A long answer.")], renderer)
        for count in whole.indices {
            var prompt = try Growing(Prompt(renderer: renderer, history: []))
            try prompt.grow { try $0.beginTurn() }
            for id in whole[..<count] { try prompt.grow { try $0.appendSampled(id) } }
            try prompt.grow { try $0.endTurn() }
            var parser = LenientParser(encoding: renderer.encoding, role: nil)
            for id in prompt.prompt.ids { _ = parser.process(id) }
            #expect(parser.messages.count == 1 && parser.messages.first?.end == .end, "\(count)")
            // After `<|channel|>` the name was cut off.
            #expect(parser.diagnostics.map(\.code) == (count == 1 ? [.badChannel] : []), "\(count)")
        }
    }

    @Test func `stops that end nothing are not handed out`() throws {
        let renderer = try Self.renderer()
        let answer = Message(role: .assistant, channel: "final", text: "Yes.")
        for stop in [Self.returnToken, Self.callToken] {
            var prompt = try Prompt(renderer: renderer, history: Self.history)
            try prompt.beginTurn()
            for id in try Self.sampled([answer], renderer) + [stop] { try prompt.appendSampled(id) }
            #expect(!prompt.isReturnHeldBack)
            #expect(try prompt.ids == renderer.conversation(Self.history + [answer], dropping: .never))
            #expect(throws: HarmonyError(.outOfTurn(.boundary))) { try prompt.appendSampled(stop) }
        }
    }

    @Test func `tool output may be said twice, and may not be changed or skipped`() throws {
        var prompt = try Prompt(renderer: Self.renderer(), history: Self.history)
        try prompt.beginToolMessage(Self.reply())
        let start = prompt.ids.count
        try prompt.appendToolOutput([1, 2, 3], at: 0)
        try prompt.appendToolOutput([2, 3, 4], at: 1)
        try prompt.appendToolOutput([2], at: 1)
        #expect(prompt.ids[start...] == [1, 2, 3, 4])
        let before = prompt.ids
        #expect(throws: HarmonyError(.contradiction(offset: start + 2))) {
            try prompt.appendToolOutput([2, 9, 4, 5], at: 1)
        }
        #expect(throws: HarmonyError(.gap(have: 4))) { try prompt.appendToolOutput([5], at: 5) }
        #expect(throws: HarmonyError(.gap(have: 4))) { try prompt.appendToolOutput([5], at: -1) }
        #expect(throws: HarmonyError(.controlTokenInContent(200_007))) {
            try prompt.appendToolOutput([5, 200_007], at: 4)
        }
        #expect(throws: HarmonyError(.contradiction(offset: start))) { try prompt.endToolMessage(text: "x") }
        #expect(prompt.ids == before)
        #expect(prompt.toolOutputCount == 4)
    }

    @Test func `nothing begins inside something else`() throws {
        let renderer = try Self.renderer()
        var sampling = try Prompt(renderer: renderer, history: Self.history)
        try sampling.beginTurn()
        var tool = try Prompt(renderer: renderer, history: Self.history)
        try tool.beginToolMessage(Self.reply())
        for (prompt, stage) in [(sampling, Prompt.Stage.sampling), (tool, .toolOutput)] {
            var prompt = prompt
            let error = HarmonyError(.outOfTurn(stage))
            #expect(throws: error) { try prompt.append(Message(role: .user, text: "x")) }
            #expect(throws: error) { try prompt.beginTurn() }
            #expect(throws: error) { try prompt.beginToolMessage(Self.reply()) }
        }
        #expect(throws: HarmonyError(.outOfTurn(.toolOutput))) { try tool.appendSampled(1) }
        #expect(throws: HarmonyError(.outOfTurn(.toolOutput))) { try tool.endTurn() }
        #expect(throws: HarmonyError(.outOfTurn(.sampling))) { try sampling.endToolMessage() }
    }

    @Test func `functions that the system message knows nothing of are refused`() throws {
        let renderer = try Self.renderer()
        let functions = NamespaceDeclaration.functions([ToolDeclaration(name: "f", description: "Does f.")])
        let developer = Message(developer: DeveloperContent(tools: ["functions": functions]))
        var late = try Prompt(renderer: renderer, history: [Message(system: SystemContent())])
        #expect(throws: HarmonyError(.contradiction(offset: 0))) { try late.append(developer) }
        var mute = try Prompt(renderer: renderer, history: [Message(system: SystemContent(channels: nil))])
        try mute.append(developer)
        let known = try Prompt(renderer: renderer, history: [Message(system: SystemContent()), developer])
        #expect(try known.ids == renderer.conversation([Message(system: SystemContent()), developer]))
    }

    @Test func `another list is compared with what was handed out`() throws {
        let prompt = try Prompt(renderer: Self.renderer(), history: Self.history)
        #expect(prompt.contradiction(in: prompt.ids) == nil)
        #expect(prompt.contradiction(in: prompt.ids + [1]) == nil)
        #expect(prompt.contradiction(in: prompt.ids.dropLast()) == prompt.ids.count - 1)
        #expect(prompt.contradiction(in: [0] + prompt.ids) == 0)
    }
}

extension PromptTests {
    private static let returnToken: UInt32 = 200_002
    private static let callToken: UInt32 = 200_012

    private static let history = [
        Message(system: SystemContent()), Message(developer: DeveloperContent(instructions: "Be brief.")),
        Message(role: .user, text: "What is 6*7?"),
    ]

    private static let texts = [
        "", "42\n", "<|end|><|start|>", "é漢字 👩‍👧", "    x  \n\n y", "It's 1234567.", "{\"a\": [1, 2]}",
    ]

    private static func renderer() throws -> Renderer {
        Renderer(encoding: try Installed.encoding())
    }

    private static func reply() throws -> ToolReply {
        try #require(ToolReply(to: Message(role: .assistant, recipient: "python", channel: "analysis", text: "")))
    }

    /// What a model samples after `<|start|>assistant` to say these messages.
    private static func sampled(_ messages: [Message], _ renderer: Renderer) throws -> [UInt32] {
        Array(try renderer.conversation(messages, dropping: .never).dropFirst(2))
    }

    /// Streams a tool's output as an encoder releases it, in pieces of any size.
    private static func stream(
        _ text: String,
        of reply: ToolReply,
        into prompt: inout Growing,
        _ random: inout SplitMix
    ) throws {
        try prompt.grow { try $0.beginToolMessage(reply) }
        var encoder = IncrementalEncoder(try Installed.encoding())
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...5, using: &random))
            rest = rest.dropFirst(piece.count)
            let ids = encoder.feed(piece.span)
            try prompt.grow { try $0.appendToolOutput(ids, at: $0.toolOutputCount) }
        }
        let isWhole = Bool.random(using: &random)
        let ids = encoder.finish()
        if isWhole { try prompt.grow { try $0.appendToolOutput(ids, at: $0.toolOutputCount) } }
        try prompt.grow { try $0.endToolMessage(text: isWhole ? nil : text) }
    }
}

/// A prompt that is watched: whatever is done to it, its ids are those before and more.
private struct Growing {
    private(set) var prompt: Prompt

    init(_ prompt: Prompt) {
        self.prompt = prompt
    }

    mutating func grow(_ change: (inout Prompt) throws -> Void) throws {
        let before = prompt.ids
        try change(&prompt)
        #expect(prompt.ids.starts(with: before))
        #expect(prompt.contradiction(in: before) == (prompt.ids.count == before.count ? nil : before.count))
    }
}
