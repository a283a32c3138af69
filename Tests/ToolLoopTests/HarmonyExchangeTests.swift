import Harmony
import JSON
import MCP
import Synchronization
import TestSupport
import Testing
import Tokenizer

@testable import ToolLoop

@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct HarmonyExchangeTests {
    @Test func `each call is answered in Harmony, in order`() async throws {
        let steps = try await steps(for: [call("python", "1+1"), call("box.exec", #"{"cmd":["ls"]}"#)])
        let answer = try #require(steps.answer)
        #expect(answer.messages.map(\.message.name) == ["python", "box.exec"])
        #expect(answer.messages.map(\.message.text) == ["code=1+1", #"cmd=["ls"]"#])
        #expect(answer.messages.allSatisfy { $0.message.channel == "analysis" && $0.message.recipient == "assistant" })
        #expect(steps.tools == ["python", "box.exec"])
        for message in answer.messages {
            #expect(message.rendered.ids == steps.encoding.encodeWithSpecialTokens(message.text))
        }
    }

    @Test func `the ids of the steps are those of the answer, and the text is encoded once`() async throws {
        let code = String(repeating: "a line of code\n", count: 500)
        let count = EncodingCount()
        let steps = try await EncodingCount.$current.withValue(count) {
            try await self.steps(for: [call("python", code), call("counting", code)])
        }
        let messages = try #require(steps.answer?.messages)
        #expect(messages.map(\.rendered.content) == messages.map { steps.encoding.encode($0.message.text) })
        #expect(steps.ids == messages.flatMap(\.rendered.content))
        let shownBytes = messages.reduce(0) { $0 + $1.message.text.utf8.count }
        // The headers are encoded too.
        #expect((shownBytes...shownBytes + 200).contains(count.bytes))
    }

    @Test func `the model reads why a call cannot run, and the next call runs`() async throws {
        let steps = try await steps(for: [call("box.nothing", "{}"), call("box.exec", "[]"), call("python", "1")])
        let answer = try #require(steps.answer)
        #expect(answer.messages.map(\.isError) == [true, true, false])
        #expect(answer.messages[0].message.text.hasPrefix("There is no tool `box.nothing`. The tools are: `box.exec`"))
        #expect(answer.messages[1].message.text.hasPrefix("The arguments of box.exec have to be a JSON object"))
        #expect(answer.repairs == ["unknown_recipient"])
    }

    @Test func `a cancelled call has no answer, and no call follows it`() async throws {
        let (started, starting) = AsyncStream<Void>.makeStream()
        let seen = Mutex<[HarmonyExchange.Event]>([])
        let exchange = try exchange(
            [call("endless", "x"), call("python", "1")],
            encoding: Installed.encoding(),
            Space("endless", Endless(starting: starting))
        )
        let run = Task { await exchange.run { event in seen.withLock { $0.append(event) } } }
        for await _ in started { break }
        run.cancel()
        await run.value
        let steps = Steps(encoding: try Installed.encoding(), events: seen.withLock(\.self))
        #expect(steps.tools == ["endless"])
        #expect(steps.answer == nil)
    }

    private func call(_ recipient: String, _ text: String) -> Message {
        Message(role: .assistant, recipient: recipient, channel: "analysis", text: text)
    }

    private func steps(for calls: [Message]) async throws -> Steps {
        let encoding = try Installed.encoding()
        let exchange = try exchange(calls, encoding: encoding)
        let seen = Mutex<[HarmonyExchange.Event]>([])
        await exchange.run { event in seen.withLock { $0.append(event) } }
        return Steps(encoding: encoding, events: seen.withLock(\.self))
    }

    private func exchange(_ calls: [Message], encoding: Encoding, _ more: Space...) throws -> HarmonyExchange {
        let spaces = [
            Space("python", Echo("python", textArgument: "code")), Space("box", Echo("exec")),
            Space("counting", Counting(encoding: encoding)),
        ]
        let directory = ToolDirectory(of: spaces + more)
        return HarmonyExchange(
            try calls.map { try HarmonyCall($0, among: directory, isLenient: true) },
            session: SessionKey(id: "a", endsWithConnection: true),
            renderer: Renderer(encoding: encoding, flavor: .openAI)
        )
    }
}

@Suite(.bounded) struct HarmonyCallTests {
    private static let directory = ToolDirectory(of: [
        Space("python", Echo("python", textArgument: "code")), Space("box", Echo("exec"), Echo("feed")),
    ])

    @Test(
        arguments: [
            ("python", "print(1)", ["code": "print(1)"], []),
            ("python", #"{"code":"1"}"#, ["code": "1"], []),
            ("python", "{\"code\":\"a\nb\"}", ["code": "a\nb"], ["arguments:raw_control"]),
            ("python", "{1, 2}", ["code": "{1, 2}"], []),
            ("functions.python", "1", ["code": "1"], ["recipient:functions.python"]),
            ("box.exec", #"{"cmd":"ls",}"#, ["cmd": "ls"], ["arguments:trailing_comma"]),
            ("box.feed json", "{}", [:], ["recipient:box.feed json"]),
        ] as [(String, String, JSONObject, [String])]
    )
    func `text becomes arguments as the tool says`(
        recipient: String,
        text: String,
        arguments: JSONObject,
        repairs: [String]
    ) throws {
        let call = try HarmonyCall(message(recipient, text), among: Self.directory, isLenient: true)
        guard case .run(_, let found) = call.work else {
            Issue.record("not run: \(call.work)")
            return
        }
        #expect(found == arguments)
        #expect(call.repairs == repairs)
    }

    @Test func `without leniency text is taken as it is`() throws {
        let call = try HarmonyCall(message("python", #"{"code":"1"}"#), among: Self.directory, isLenient: false)
        guard case .run(_, let found) = call.work else {
            Issue.record("not run: \(call.work)")
            return
        }
        #expect(found == ["code": #"{"code":"1"}"#])
        #expect(throws: HarmonyCallError.self) {
            try HarmonyCall(message("box.none", "{}"), among: Self.directory, isLenient: false)
        }
    }

    @Test(arguments: [
        Message(role: .assistant, channel: "final", text: "done"), Message(role: .user, recipient: "python", text: "1"),
        Message(role: .assistant, recipient: "all", text: "1"),
    ])
    func `a message that is not a call is refused`(message: Message) {
        #expect(throws: HarmonyCallError.self) { try HarmonyCall(message, among: Self.directory, isLenient: true) }
    }

    private func message(_ recipient: String, _ text: String) -> Message {
        Message(role: .assistant, recipient: recipient, channel: "commentary", text: text)
    }
}

/// What an exchange said.
private struct Steps {
    let encoding: Encoding
    let events: [HarmonyExchange.Event]

    var answer: HarmonyAnswer? {
        if case .finished(let answer)? = events.last { answer } else { nil }
    }

    var tools: [String] {
        events.compactMap { if case .started(let tool, _, _) = $0 { tool } else { nil } }
    }

    var ids: [UInt32] {
        events.flatMap { if case .output(_, _, let ids) = $0 { ids } else { [UInt32]() } }
    }
}

private struct Space: ToolNamespace {
    let name: String
    let instructions = ""
    let tools: [any Tool]

    init(_ name: String, _ tools: any Tool...) {
        self.name = name
        self.tools = tools
    }

    func cleanUp(_ session: SessionKey) async {}
}

/// Says its arguments, in pieces.
private struct Echo: Tool {
    let description: ToolDescription

    init(_ name: String, textArgument: String? = nil) {
        description = ToolDescription(name: name, description: "", textArgument: textArgument)
    }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let text = call.arguments.map { "\($0.name)=\($0.value.string ?? $0.value.description)" }.joined()
        await output(ToolOutput(text: String(text.prefix(3))))
        return ToolResult(text: text.isEmpty ? "nothing" : text)
    }
}

/// Counts the tokens of what it shows.
private struct Counting: Tool {
    let description = ToolDescription(name: "counting", description: "", textArgument: "text")
    let encoding: Encoding

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let text = call.arguments["text"]?.string ?? ""
        var encoder = IncrementalEncoder(encoding)
        await output(ToolOutput(text: text, ids: encoder.feed(text.utf8.span)))
        await output(ToolOutput(text: "", ids: encoder.finish()))
        return ToolResult(text: text)
    }
}

/// Runs until it is cancelled.
private struct Endless: Tool {
    let description = ToolDescription(name: "endless", description: "", textArgument: "text")
    let starting: AsyncStream<Void>.Continuation

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        starting.yield()
        for await _ in AsyncStream<Never>.makeStream().stream {}
        throw CancellationError()
    }
}
