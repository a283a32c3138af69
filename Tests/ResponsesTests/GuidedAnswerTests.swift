import AsyncHTTPClient
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Tokenizer

@testable import Responses

/// Answers that have to be JSON: the engine is held to it on the channel of the answer, and nowhere else.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct GuidedAnswerTests {
    private static let header = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>"
    private static let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "number"]]]
    private static let format: JSONValue = [
        "type": "json_schema", "name": "sum", "schema": schema, "strict": true,
    ]

    /// The stream of an engine that samples `text`, a token in each event.
    private static func stream(_ text: String, _ encoding: Encoding) -> String {
        let ids = encoding.encodeWithSpecialTokens(text)
        let events = ids.enumerated().map { index, id in
            let end = index == ids.count - 1 ? "\"stop\"" : "null"
            return "data: {\"choices\":[{\"token_ids\":[\(id)],\"finish_reason\":\(end)}]}\n\n"
        }
        return events.joined() + "data: [DONE]\n\n"
    }

    /// Asks an engine that samples `turns`, a request each, and gives what it was asked beside the answer.
    private func answer(
        _ body: JSONValue,
        turns: [String]
    ) async throws -> (answered: Answered, requests: [LoopbackEngine.Request]) {
        let encoding = try Installed.encoding()
        let streams = turns.map { Self.stream($0, encoding) }
        let reply = { @Sendable (count: Int, request: LoopbackEngine.Request) -> LoopbackEngine.Reply in
            // The first question is for the models.
            request.path == "/v1/models"
                ? .answer(.notFound, "") : .answer(.ok, streams[min(count - 1, streams.count - 1)])
        }
        return try await LoopbackEngine.run(reply) { engine, port in
            let client = HTTPClient(configuration: CompletionsEngine.clientConfiguration)
            defer { client.shutdown { _ in } }
            let endpoint = EngineEndpoint(address: "http://127.0.0.1:\(port)/v1", model: "gpt-oss")
            let gateway = ResponseGateway(
                engine: CompletionsEngine(endpoint, client: client),
                namespaces: [FakePython()],
                encoding: encoding,
                now: { 0 }
            )
            let answered = try await gateway.answer(body)
            return (answered, engine.requests.filter { $0.path == "/v1/completions" })
        }
    }

    @Test func `the answer alone is guided, in a second request that goes on with the first`() async throws {
        let (answered, requests) = try await answer(
            ["input": "Sum.", "text": ["format": Self.format]],
            // What the engine sampled past the header is not taken.
            turns: [Self.header + "Free text", #"{"a":1}<|return|>"#]
        )
        #expect(answered.text(of: "output_text") == #"{"a":1}"#)
        #expect(answered.output.map { $0["type"] } == ["reasoning", "message"])
        try #require(requests.count == 2)
        #expect(requests[0].json["response_format"] == nil)
        #expect(
            requests[1].json["response_format"] == [
                "type": "json_schema", "json_schema": ["name": "sum", "schema": Self.schema],
            ]
        )
        let header = try Installed.encoding().encodeWithSpecialTokens(Self.header).map(Int.init)
        #expect(requests[1].ids == requests[0].ids + header)
        #expect(requests[1].json["stop_token_ids"] == [200_002, 200_012])

        // To the client it is one turn.
        let usage = try #require(answered.response["usage"])
        #expect(usage["input_tokens"]?.integer == requests[0].ids.count)
        let sampled = header.count + (try Installed.encoding().encodeWithSpecialTokens(#"{"a":1}<|return|>"#).count)
        #expect(usage["output_tokens"]?.integer == sampled)
        #expect(usage["output_tokens_details"]?["output_tokens_per_turn"] == [.integer(sampled)])
    }

    @Test func `calls before the answer are not guided`() async throws {
        let (answered, requests) = try await answer(
            [
                "input": "Sum.", "tools": [["type": "code_interpreter"]], "text": ["format": ["type": "json_object"]],
            ],
            turns: [
                "<|channel|>analysis to=python code<|message|>1+1<|call|>", Self.header, #"{"a":2}<|return|>"#,
            ]
        )
        #expect(answered.output.map { $0["type"] } == ["code_interpreter_call", "reasoning", "message"])
        #expect(answered.text(of: "output_text") == #"{"a":2}"#)
        #expect(requests.map { $0.json["response_format"] } == [nil, nil, ["type": "json_object"]])
    }

    @Test func `a limit counts for both requests`() async throws {
        let count = try Installed.encoding().encodeWithSpecialTokens(Self.header).count
        let (_, requests) = try await answer(
            ["input": "Sum.", "text": ["format": Self.format], "max_output_tokens": .integer(count + 3)],
            turns: [Self.header, #"{"a":1}<|return|>"#]
        )
        #expect(requests.map { $0.json["max_tokens"]?.integer } == [count + 3, 3])
        let (cut, asked) = try await answer(
            ["input": "Sum.", "text": ["format": Self.format], "max_output_tokens": .integer(count)],
            turns: [Self.header]
        )
        #expect(asked.count == 1)
        #expect(cut.response["incomplete_details"] == ["reason": "max_output_tokens"])
    }

    @Test func `a format without a schema, or of another type, is refused`() {
        for format: JSONValue in [["type": "json_schema", "name": "x"], ["type": "regex"]] {
            let error = #expect(throws: ResponseError.self) {
                try ResponseRequest(["input": "x", "text": ["format": format]], served: [])
            }
            #expect(error?.parameter?.hasPrefix("text.format") == true)
        }
    }
}
