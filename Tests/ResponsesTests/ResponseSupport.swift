import Harmony
import JSON
import MCP
import Synchronization
import TestSupport
import Testing
import Tokenizer

@testable import Responses

/// What a request for a response led to.
struct Answered {
    let events: [ResponseEvent]
    let outcome: ResponseRun.Outcome

    var types: [String] { events.map { $0.type.replacing("response.", with: "", maxReplacements: 1) } }
    var response: JSONValue { outcome.response }
    var output: [JSONValue] { response["output"]?.array ?? [] }
    /// The deltas of a type, one after the other.
    func text(of type: String) -> String {
        events.filter { $0.type == "response.\(type).delta" }.compactMap { $0.json["delta"]?.string }.joined()
    }
}

/// A gateway to a model that plays turns, with the tools that tests need.
struct TestGateway {
    let gateway: ResponseGateway
    let engine: RecordedEngine

    /// - Parameter turns: What the model samples, turn by turn, as text with control tokens or as ids.
    init(
        _ turns: [JSONValue],
        limits: ResponseLimits = ResponseLimits(),
        namespaces: [any ToolNamespace] = [FakePython(), FakeContainer()]
    ) throws {
        let encoding = try Installed.encoding()
        let script: JSONValue = ["turns": .array(turns)]
        engine = RecordedEngine(
            try ReplayEngine(model: "gpt-oss", recording: script.description, encoding: encoding)
        )
        gateway = ResponseGateway(
            engine: engine,
            namespaces: namespaces,
            encoding: encoding,
            limits: limits,
            now: { 1_765_254_912 }
        )
    }

    init(_ turns: [String], limits: ResponseLimits = ResponseLimits()) throws {
        try self.init(turns.map { .string($0) }, limits: limits)
    }

    /// Asks, and waits for the end.
    func answer(_ body: JSONValue) async throws -> Answered { try await gateway.answer(body) }

    /// What the model read in a turn, as text.
    func prompt(_ turn: Int) throws -> String {
        Renderer(encoding: try Installed.encoding()).text(of: engine.prompts[turn])
    }
}

extension ResponseGateway {
    /// Asks, and waits for the end.
    func answer(_ body: JSONValue, in chain: ResponseChain? = nil) async throws -> Answered {
        let run = try await response(to: body, session: nil, client: "", in: chain).opened()
        let events = Mutex<[ResponseEvent]>([])
        let outcome = await run.run { event in events.withLock { $0.append(event) } }
        await finish(run, outcome, in: chain)
        return Answered(events: events.withLock(\.self), outcome: try #require(outcome))
    }
}

/// An engine that remembers its prompts.
final class RecordedEngine: Engine {
    private let engine: ReplayEngine
    private let asked = Mutex<[[UInt32]]>([])

    init(_ engine: ReplayEngine) { self.engine = engine }

    var model: String { engine.model }
    var contextTokensMax: Int? { nil }
    var isGuidable: Bool { false }
    var prompts: [[UInt32]] { asked.withLock(\.self) }

    func sample(_ request: SamplingRequest, onIDs: ([UInt32]) async throws -> Void) async throws -> SamplingEnd {
        asked.withLock { $0.append(request.prompt) }
        return try await engine.sample(request, onIDs: onIDs)
    }
}

/// A namespace of one tool of the same name, which answers with the product that the seed asks for, or fails.
struct FakePython: ToolNamespace {
    let name = "python"
    let instructions = "Runs Python."
    var tools: [any Tool] { [FakeTool(name: "python", textArgument: "code")] }
    func cleanUp(_ session: SessionKey) async {}
}

struct FakeContainer: ToolNamespace {
    let name = "container"
    let instructions = "Runs commands."
    var tools: [any Tool] {
        [FakeTool(name: "exec", textArgument: nil), FakeTool(name: "feed_chars", textArgument: nil)]
    }
    func cleanUp(_ session: SessionKey) async {}
}

private struct FakeTool: Tool {
    let description: ToolDescription

    init(name: String, textArgument: String?) {
        description = ToolDescription(
            name: name,
            description: "A tool.",
            // As the real one is.
            isHiddenFromPrompt: name == "python",
            textArgument: textArgument
        )
    }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        if call.arguments["code"]?.string?.contains("raise") == true {
            return ToolResult(text: "It failed.", isError: true)
        }
        guard call.arguments["cmd"] == nil else {
            await output(ToolOutput(text: "a.txt\n"))
            await output(ToolOutput(text: "b.txt\n"))
            let run: JSONValue = ["exit_code": 3, "timed_out": false]
            return ToolResult(content: [.text("a.txt\nb.txt\n")], meta: ["dev.harmonium/run": run])
        }
        return ToolResult(text: "977966748\n")
    }
}
