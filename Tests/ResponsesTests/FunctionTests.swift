import Harmony
import JSON
import TestSupport
import Testing

@testable import Responses

/// Functions of the client's, conversations over several responses, and what models get wrong.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct FunctionTests {
    private static let weather: JSONValue = [
        [
            "type": "function", "name": "get_weather", "description": "Tells the weather.",
            "parameters": ["type": "object", "properties": ["city": ["type": "string"]]],
        ]
    ]
    private static let turns = [
        "<|channel|>analysis<|message|>Call.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather"
            + #" <|constrain|>json<|message|>{"city":"Paris"}<|call|>"#,
        "<|channel|>final<|message|>Sunny.<|return|>",
    ]

    @Test func `a function's call ends the response, and its output continues it`() async throws {
        let test = try TestGateway(Self.turns)
        let first = try await test.answer(["input": "Weather in Paris?", "tools": Self.weather])
        #expect(first.output.map { $0["type"] } == ["reasoning", "function_call"])
        #expect(first.output[1]["arguments"] == #"{"city":"Paris"}"#)
        #expect(first.output[1]["name"] == "get_weather")
        #expect(first.response["status"] == "completed")
        let second = try await test.answer([
            "previous_response_id": first.response["id"] ?? .null, "tools": Self.weather,
            "input": [
                [
                    "type": "function_call_output", "call_id": first.output[1]["call_id"] ?? .null,
                    "output": "18 degrees",
                ]
            ],
        ])
        #expect(second.output.last?["content"]?.array?.first?["text"] == "Sunny.")
        // Nothing of the first prompt changed, and the model has read the output.
        #expect(test.engine.prompts[1].starts(with: test.engine.prompts[0]))
        let text = Renderer(encoding: try Installed.encoding()).text(of: test.engine.prompts[1])
        #expect(text.contains("<|start|>functions.get_weather to=assistant<|channel|>commentary<|message|>18 degrees"))
    }

    @Test func `replayed items make the prompt that a stored response makes`() async throws {
        let stored = try TestGateway(Self.turns)
        let first = try await stored.answer(["input": "Weather in Paris?", "tools": Self.weather])
        let output: JSONValue = [
            "type": "function_call_output", "call_id": first.output[1]["call_id"] ?? .null, "output": "18 degrees",
        ]
        _ = try await stored.answer([
            "previous_response_id": first.response["id"] ?? .null, "tools": Self.weather, "input": [output],
        ])
        let replayed = try TestGateway(Self.turns)
        let user: JSONValue = ["role": "user", "content": "Weather in Paris?"]
        _ = try await replayed.answer([
            "tools": Self.weather, "store": false, "input": .array([user] + first.output + [output]),
        ])
        #expect(replayed.engine.prompts[0] == stored.engine.prompts[1])
    }

    @Test func `an output without its call is refused, and one call without output`() async throws {
        let test = try TestGateway(Self.turns)
        let first = try await test.answer(["input": "Weather in Paris?", "tools": Self.weather])
        let id = first.response["id"] ?? .null
        #expect(throws: ResponseError.self) {
            try test.gateway.response(
                to: ["previous_response_id": id, "input": "Well?"],
                session: nil,
                client: ""
            )
        }
        #expect(throws: ResponseError.self) {
            try test.gateway.response(
                to: ["input": [["type": "function_call_output", "call_id": "call_x", "output": "y"]]],
                session: nil,
                client: ""
            )
        }
    }

    @Test func `a function that has to be called is called, with the arguments that the model writes`() async throws {
        let test = try TestGateway([#"{"city":"Oslo"}<|call|>"#])
        let answered = try await test.answer([
            "input": "Hello.", "tools": Self.weather, "tool_choice": ["type": "function", "name": "get_weather"],
        ])
        #expect(answered.output.map { $0["type"] } == ["function_call"])
        #expect(answered.output[0]["arguments"] == #"{"city":"Oslo"}"#)
        // What was begun for the model is part of the prompt, and was not sampled.
        #expect(answered.response["usage"]?["input_tokens"]?.integer == test.engine.prompts[0].count)
    }

    @Test func `a tool that is not there is answered with those that are`() async throws {
        let test = try TestGateway([
            "<|channel|>commentary to=functions.nothing <|constrain|>json<|message|>{}<|call|>",
            "<|channel|>final<|message|>Sorry.<|return|>",
        ])
        let answered = try await test.answer(["input": "Go.", "tools": Self.weather])
        #expect(answered.output.map { $0["type"] } == ["message"])
        let text = Renderer(encoding: try Installed.encoding()).text(of: test.engine.prompts[1])
        #expect(text.contains("There is no tool `functions.nothing`. The tools are: `functions.get_weather`."))
    }

    @Test(arguments: [
        "Just text.", "<|channel|>final Just text.", "<|message|>Just text.<|return|>",
        "<|channel|>final<|message|>Just<|channel|> text.<|return|>", "<|end|><|end|><|return|>", "<|call|>",
        "<|start|>tool<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>Just text.<|return|>",
        "<|channel|>commentary to=<|message|>x<|call|>", "<|constrain|><|constrain|><|message|><|return|>",
    ])
    func `whatever the model writes, a response is complete`(turn: String) async throws {
        let answered = try await TestGateway([turn, "<|channel|>final<|message|>End.<|return|>"]).answer([
            "input": "Go."
        ])
        #expect(answered.response["status"] == "completed")
        let open = answered.types.count { $0 == "output_item.added" }
        #expect(open == answered.types.count { $0 == "output_item.done" })
    }

    @Test func `an engine that fails is a response that failed`() async throws {
        let answered = try await TestGateway([Self.turns[0]]).answer([
            "input": [
                ["role": "user", "content": "Go."],
                ["type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": "{}"],
                ["type": "function_call_output", "call_id": "call_1", "output": "x"],
            ]
        ])
        #expect(answered.events.last?.type == "response.failed")
        #expect(answered.response["error"]?["code"] == "server_error")
        #expect(answered.outcome.failure?.code == "engine_refused")
    }
}
