import JSON
import TestSupport
import Testing

@testable import Responses

/// Conversations that are longer than the model reads.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct TruncationTests {
    private static let answer = "<|channel|>final<|message|>Done.<|return|>"
    /// The system's message has about 70 tokens, and each turn about 115.
    private static let contextMax = 600

    private var test: TestGateway {
        get throws {
            var limits = ResponseLimits()
            limits.contextTokensMax = Self.contextMax
            return try TestGateway([Self.answer], limits: limits)
        }
    }

    private static func turns(_ count: Int, words: Int = 100) -> JSONValue {
        let turns = (1...count).flatMap { number -> [JSONValue] in
            let text = "turn \(number)" + String(repeating: " word", count: words)
            return [["role": "user", "content": .string(text)], ["role": "assistant", "content": "ok"]]
        }
        return .array(turns.dropLast())
    }

    @Test func `what is too long is refused before the model samples`() async throws {
        let test = try test
        let error = await #expect(throws: ResponseError.self) {
            _ = try await test.answer(["input": Self.turns(10), "instructions": "Stay."])
        }
        #expect(error?.code == "context_length_exceeded" && error?.kind == .invalidRequest)
        #expect(test.engine.prompts.isEmpty)
    }

    @Test func `with truncation the oldest turns make room`() async throws {
        let test = try test
        let answered = try await test.answer([
            "input": Self.turns(10), "instructions": "Stay.", "truncation": "auto",
        ])
        #expect(answered.response["status"] == "completed" && answered.response["truncation"] == "auto")
        let prompt = try test.prompt(0)
        #expect(prompt.contains("Stay.") && prompt.contains("<|start|>system"))
        let kept = (1...10).filter { prompt.contains("turn \($0) ") }
        #expect(kept == Array((kept.first ?? 0)...10) && 2...4 ~= kept.count, "\(kept)")
        // A quarter stays free for the answer.
        #expect(test.engine.prompts[0].count <= Self.contextMax * 3 / 4)
        // The next response can still be about all of it.
        let next = try await test.answer([
            "input": "turn 11", "previous_response_id": answered.response["id"] ?? .null, "truncation": "auto",
        ])
        #expect(next.response["status"] == "completed")
    }

    @Test func `what fits stays whole`() async throws {
        let test = try test
        _ = try await test.answer(["input": Self.turns(2), "truncation": "auto"])
        #expect(try test.prompt(0).contains("turn 1 "))
    }

    @Test func `a last message that alone is too long is refused all the same`() async throws {
        let test = try test
        let error = await #expect(throws: ResponseError.self) {
            _ = try await test.answer(["input": Self.turns(2, words: 1000), "truncation": "auto"])
        }
        #expect(error?.code == "context_length_exceeded")
    }
}
