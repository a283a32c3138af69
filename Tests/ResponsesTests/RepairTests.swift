import JSON
import TestSupport
import Testing

@testable import Responses

/// What is repaired of what a model writes is counted, and shown to those who ask.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct RepairTests {
    private static let turns = [
        // Words that mean nothing in the header, and a comma too many in the arguments.
        #"<|channel|>commentary?? to=container.exec <|constrain|>json<|message|>{"cmd":["ls"],}<|call|>"#,
        "<|channel|>commentary to=functions.secret <|constrain|>json<|message|>{}<|call|>",
        "<|channel|>final<|message|>Done.<|return|>",
    ]
    private static let request: JSONObject = ["input": "Go.", "tools": [["type": "shell"]]]

    @Test func `a client that asks gets the codes, and no other one does`() async throws {
        let asked = try await TestGateway(Self.turns).answer(
            .object(Self.request.merging(["include": ["harmonium:repairs"]]))
        )
        let codes = asked.response["harmonium:repairs"]?.array?.compactMap(\.string)
        #expect(codes == ["channel_garbage", "arguments:trailing_comma", "unknown_recipient"])
        let silent = try await TestGateway(Self.turns).answer(.object(Self.request))
        #expect(silent.response["harmonium:repairs"] == nil)
    }

    @Test func `the gateway counts them all, without the model's words`() async throws {
        let test = try TestGateway(Self.turns)
        for _ in 0..<2 { _ = try await test.answer(.object(Self.request)) }
        #expect(
            test.gateway.repairCounts == [
                "channel_garbage": 2, "arguments:trailing_comma": 2, "unknown_recipient": 2,
            ]
        )
    }
}
