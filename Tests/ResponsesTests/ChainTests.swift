import Harmony
import JSON
import MCP
import Synchronization
import TestSupport
import Testing
import Tokenizer

@testable import Responses

/// Responses of one socket, which continue each other without being stored.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct ChainTests {
    private static let weather: JSONValue = [["type": "function", "name": "get_weather"]]
    /// Of this text the canonical ids are others than those that are sampled.
    private static let thought: [UInt32] = [220, 18]

    private static func turns() throws -> [JSONValue] {
        let encoding = try Installed.encoding()
        let ids =
            encoding.encodeWithSpecialTokens("<|channel|>analysis<|message|>") + thought
            + encoding.encodeWithSpecialTokens(
                "<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{}<|call|>"
            )
        return [.array(ids.map { .integer(Int($0)) }), "<|channel|>final<|message|>Sunny.<|return|>"]
    }

    /// Asks for a call, and answers it.
    private func converse(_ test: TestGateway, in chain: ResponseChain?) async throws -> JSONValue {
        let first = try await test.gateway.answer(
            ["input": "Weather?", "tools": Self.weather, "store": .bool(chain == nil)],
            in: chain
        )
        let output: JSONValue = [
            "type": "function_call_output", "call_id": first.output.last?["call_id"] ?? .null, "output": "18",
        ]
        return try await test.gateway.answer(
            [
                "input": [output], "tools": Self.weather, "store": .bool(chain == nil),
                "previous_response_id": first.response["id"] ?? .null,
            ],
            in: chain
        ).response
    }

    @Test func `a turn goes on with the very ids that were sampled`() async throws {
        let test = try TestGateway(Self.turns())
        let response = try await converse(test, in: test.gateway.chain(session: nil, client: ""))
        #expect(response["output"]?.array?.last?["content"]?.array?.first?["text"] == "Sunny.")
        let prompts = test.engine.prompts
        #expect(prompts[1].starts(with: prompts[0]))
        #expect(Array(prompts[1][prompts[0].count...].dropFirst(3).prefix(2)) == Self.thought)
        // The control: what is stored is made of messages, whose ids are canonical.
        let stored = try TestGateway(Self.turns())
        _ = try await converse(stored, in: nil)
        #expect(stored.engine.prompts[1] != prompts[1])
    }

    @Test func `what has no room among all sockets cannot be continued, and all else can`() async throws {
        var limits = ResponseLimits()
        limits.chainedBytesMax = 10
        let small = try TestGateway(Self.turns(), limits: limits)
        let error = await #expect(throws: ResponseError.self) {
            try await converse(small, in: small.gateway.chain(session: nil, client: ""))
        }
        #expect(error?.code == "previous_response_not_found")
        // What a socket takes it gives back when it is gone.
        limits.chainedBytesMax = 4000
        let test = try TestGateway(Self.turns(), limits: limits)
        for _ in 0..<20 {
            _ = try await converse(test, in: test.gateway.chain(session: nil, client: ""))
        }
    }
}
