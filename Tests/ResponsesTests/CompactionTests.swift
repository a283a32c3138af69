import Harmony
import JSON
import TestSupport
import Testing

@testable import Responses

/// Conversations that become the user's messages and a summary.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct CompactionTests {
    private static let recording = """
        {"user": "Summarize the conversation", "turns": ["The fruit is \u{1F34D}, papaya<|end|><|start|>assistant<|return|>"]}
        {"user": "Which", "turns": ["<|channel|>final<|message|>Papaya.<|return|>"]}
        """
    private static let history: [JSONValue] = [
        ["role": "user", "content": "My fruit is papaya."], ["role": "assistant", "content": "A word that goes."],
        ["role": "user", "content": "Which is it?"],
    ]

    private let engine: RecordedEngine
    private let gateway: ResponseGateway

    init() throws { (engine, gateway) = try Self.made() }

    private static func made(contextTokensMax: Int = 131_072) throws -> (RecordedEngine, ResponseGateway) {
        let encoding = try Installed.encoding()
        let engine = RecordedEngine(try ReplayEngine(model: "gpt-oss", recording: recording, encoding: encoding))
        var limits = ResponseLimits()
        limits.contextTokensMax = contextTokensMax
        let gateway = ResponseGateway(
            engine: engine,
            namespaces: [],
            encoding: encoding,
            limits: limits,
            now: { 1_765_254_912 }
        )
        return (engine, gateway)
    }

    private func prompt(_ turn: Int) throws -> String {
        Renderer(encoding: try Installed.encoding()).text(of: engine.prompts[turn])
    }

    @Test func `a compacted conversation has the user's messages, and is read back as a summary`() async throws {
        let run = try gateway.compaction(
            of: ["model": "gpt-oss", "input": .array(Self.history)],
            client: ""
        )
        let compacted = try await run.compacted()
        let output = try #require(compacted["output"]?.array)
        #expect(output.map { $0["type"] } == ["message", "message", "compaction"])
        #expect(output[0]["content"]?.array?.first?["text"] == "My fruit is papaya.")
        #expect(compacted["usage"]?["output_tokens"]?.integer == 9)
        let answered = try await gateway.answer(["input": .array(output + [["role": "user", "content": "Which?"]])])
        #expect(answered.text(of: "output_text") == "Papaya.")
        #expect(try prompt(1).contains("My fruit is papaya."))
        #expect(try prompt(1).contains("The fruit is \u{1F34D}, papaya<|end|><|start|>user<|message|>Which?"))
        #expect(try !prompt(1).contains("A word that goes."))
        #expect(try prompt(0).contains("A word that goes."))
    }

    @Test func `a conversation beyond the threshold is compacted on the way, and one below is not`() async throws {
        let long = try await gateway.answer([
            "input": .array(Self.history), "context_management": [["type": "compaction", "compact_threshold": 10]],
        ])
        #expect(long.output.map { $0["type"] } == ["compaction", "message"])
        #expect(long.types.contains("compaction.compacting"))
        #expect(try prompt(1).hasSuffix("papaya<|end|><|start|>user<|message|>Which is it?<|end|><|start|>assistant"))
        #expect(try !prompt(1).contains("A word that goes."))
        #expect(long.response["usage"]?["input_tokens_details"]?["input_tokens_per_turn"]?.array?.count == 2)
        // What follows is the compacted conversation too.
        _ = try await gateway.answer(["input": "Which again?", "previous_response_id": long.response["id"] ?? .null])
        #expect(try !prompt(2).contains("A word that goes."))
        let short = try await gateway.answer([
            "input": .array(Self.history), "context_management": [["type": "compaction", "compact_threshold": 5000]],
        ])
        #expect(short.output.map { $0["type"] } == ["message"])
        #expect(try prompt(3).contains("A word that goes."))
    }

    @Test func `a trigger compacts, and that is all`() async throws {
        let response = try await gateway.answer(["input": .array(Self.history + [["type": "compaction_trigger"]])])
        #expect(response.output.map { $0["type"] } == ["compaction"])
        #expect(response.response["status"] == "completed")
        #expect(engine.prompts.count == 1)
        let next = try await gateway.answer([
            "input": "Which?", "previous_response_id": response.response["id"] ?? .null,
        ])
        #expect(next.text(of: "output_text") == "Papaya.")
        #expect(try !prompt(1).contains("A word that goes."))
    }

    @Test func `a conversation that the model has no room for is compacted without its oldest turns`() async throws {
        let (engine, gateway) = try Self.made(contextTokensMax: 1000)
        let old = Array(repeating: "Old. ", count: 1000).joined()
        let input: [JSONValue] = [["role": "user", "content": .string(old)]] + Self.history
        let run = try gateway.compaction(of: ["model": "gpt-oss", "input": .array(input)], client: "")
        _ = try await run.compacted()
        #expect(engine.prompts[0].count < 1000)
        let tooLong = try gateway.compaction(
            of: ["model": "gpt-oss", "input": .string(old)],
            client: ""
        )
        let error = await #expect(throws: ResponseError.self) { try await tooLong.compacted() }
        #expect(error?.code == "context_length_exceeded")
    }

    @Test(
        arguments: [
            ["input": [["type": "compaction", "encrypted_content": "gAAAAB"]]],
            ["input": [["type": "compaction_trigger"], ["role": "user", "content": "Which?"]]],
            ["input": "Which?", "context_management": [["type": "forgetting"]]],
        ] as [JSONValue]
    )
    func `what cannot be compacted here is refused`(body: JSONValue) async {
        await #expect(throws: ResponseError.self) { try await gateway.answer(body) }
    }
}
