import AsyncHTTPClient
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Tokenizer

@testable import Responses

/// llama.cpp's server and SGLang as engines, on a socket that speaks their wires.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct EngineDialectTests {
    private struct Sampled {
        let ids: [UInt32]
        let end: SamplingEnd
        let request: LoopbackEngine.Request
        let contextTokensMax: Int?
    }

    /// Samples twice from an engine that says it is `owner`, and asks for the context.
    private func sample(
        _ owner: String,
        _ events: [String],
        guide: JSONValue? = nil,
        temperature: Double? = nil
    ) async throws -> Sampled {
        let list = #"{"object":"list","data":[{"id":"gpt-oss","owned_by":"\#(owner)","max_model_len":4096}]}"#
        let stream = events.map { "data: \($0)\n\n" }.joined()
        let reply = { @Sendable (_: Int, request: LoopbackEngine.Request) -> LoopbackEngine.Reply in
            switch request.path {
            case "/v1/models": .answer(.ok, list)
            case "/props": .answer(.ok, #"{"default_generation_settings":{"n_ctx":8192},"total_slots":2}"#)
            default: .answer(.ok, stream)
            }
        }
        return try await LoopbackEngine.run(reply) { engine, port in
            let client = HTTPClient(configuration: CompletionsEngine.clientConfiguration)
            defer { client.shutdown { _ in } }
            let endpoint = EngineEndpoint(address: "http://127.0.0.1:\(port)/v1", model: "gpt-oss", apiKey: "key")
            let completions = CompletionsEngine(endpoint, client: client, encoding: try Installed.encoding())
            var request = SamplingRequest(prompt: [200_006, 17_360], tokensMax: 8)
            request.guide = guide
            request.temperature = temperature
            _ = try await completions.sample(request) { _ in }
            var ids: [UInt32] = []
            let end = try await completions.sample(request) { ids += $0 }
            // What the engine is, it says once.
            #expect(engine.requests.count { $0.path == "/v1/models" } == 1)
            let asked = try #require(engine.requests.last)
            return Sampled(
                ids: ids,
                end: end,
                request: asked,
                contextTokensMax: await completions.contextTokensMax
            )
        }
    }

    @Test func `llama.cpp is asked at its own place, and says with which id it stopped`() async throws {
        let sampled = try await sample(
            "llamacpp",
            [
                #"{"index":0,"content":"","tokens":[200005],"stop":false,"tokens_predicted":1}"#,
                #"{"index":0,"content":" 3","tokens":[220,18],"stop":false,"tokens_predicted":3}"#,
                #"{"index":0,"content":"","tokens":[200002],"stop":false,"tokens_predicted":4}"#,
                #"{"index":0,"content":"","tokens":[],"stop":true,"stop_type":"eos","timings":{"cache_n":1,"prompt_n":1}}"#,
            ],
            guide: ["type": "json_schema", "json_schema": ["name": "a", "schema": ["type": "integer"]]]
        )
        #expect(sampled.ids == [200_005, 220, 18, 200_002])
        #expect(sampled.end == SamplingEnd(.stop, cachedCount: 1))
        #expect(sampled.contextTokensMax == 8192)
        #expect(sampled.request.path == "/completion")
        #expect(sampled.request.authorization == "Bearer key")
        #expect(sampled.request.ids == [200_006, 17_360])
        let json = sampled.request.json
        #expect(json["return_tokens"] == true && json["stream"] == true && json["n_predict"] == 8)
        #expect(json["temperature"]?.number == 1 && json["top_k"] == 0 && json["min_p"] == 0)
        #expect(json["json_schema"] == ["type": "integer"])
    }

    @Test func `ids that llama.cpp leaves out are made of the text`() async throws {
        let encoding = try Installed.encoding()
        // The first id has no event of its own, for it ends within a character.
        let eye = encoding.encode(" \u{13080}")
        try #require(eye.count > 1)
        let last = try #require(eye.last)
        let sampled = try await sample(
            "llamacpp",
            [
                #"{"content":"A","tokens":[\#(encoding.encode("A")[0])],"stop":false,"tokens_predicted":1}"#,
                #"{"content":" \#u{13080}","tokens":[\#(last)],"stop":false,"tokens_predicted":3}"#,
                #"{"content":"","tokens":[],"stop":true,"stop_type":"limit"}"#,
            ]
        )
        #expect(sampled.ids == encoding.encode("A") + eye)
        #expect(sampled.end.reason == .length)
    }

    @Test(arguments: [
        // All ids so far in each event.
        ["[5,6]", "[5,6,7]", "[5,6,7,200012]"],
        // With --stream-output the new ones alone.
        ["[5,6]", "[7]", "[200012]"],
        // Without the id that stopped the model.
        ["[5,6]", "[5,6,7]", "[5,6,7]"],
    ])
    func `SGLang is asked at its own place, however it streams`(lists: [String]) async throws {
        let counts = lists[2] == "[5,6,7]" ? [2, 3, 3] : [2, 3, 4]
        let ends = ["null", "null", #"{"type":"stop","matched":200012}"#]
        let events = (0..<3).map { place in
            let info =
                #""finish_reason":\#(ends[place]),"prompt_tokens":2,"completion_tokens":\#(counts[place]),"cached_tokens":1"#
            return #"{"text":"x","output_ids":\#(lists[place]),"meta_info":{\#(info)}}"#
        }
        let sampled = try await sample("sglang", events + ["[DONE]"], guide: ["type": "json_object"], temperature: 0.5)
        #expect(sampled.ids == [5, 6, 7, 200_012])
        #expect(sampled.end == SamplingEnd(.stop, cachedCount: 1))
        #expect(sampled.contextTokensMax == 4096)
        #expect(sampled.request.path == "/generate")
        let json = sampled.request.json
        #expect(json["input_ids"] == [200_006, 17_360])
        let parameters = json["sampling_params"]
        #expect(parameters?["max_new_tokens"] == 8 && parameters?["skip_special_tokens"] == false)
        #expect(parameters?["stop_token_ids"] == [200_002, 200_012])
        #expect(parameters?["temperature"]?.number == 0.5)
        #expect(parameters?["json_schema"] == #"{"type":"object"}"#)
    }

    @Test(arguments: [
        ("llamacpp", #"{"content":"x","stop":false}"#, EngineError.Code.broken),
        ("llamacpp", #"{"error":{"code":500,"message":"no slot","type":"server_error"}}"#, .refused),
        ("llamacpp", #"{"content":"x","tokens":[87],"stop":false}"#, .broken),
        ("sglang", #"{"text":"x","meta_info":{"finish_reason":null,"completion_tokens":1}}"#, .broken),
        ("sglang", #"{"output_ids":[5,6],"meta_info":{"finish_reason":null,"completion_tokens":1}}"#, .broken),
        (
            "sglang",
            #"{"output_ids":[],"meta_info":{"finish_reason":{"type":"abort","message":"full"},"completion_tokens":0}}"#,
            .refused
        ),
    ])
    func `an engine that does not do it says why`(owner: String, event: String, code: EngineError.Code) async throws {
        let error = await #expect(throws: EngineError.self) { try await sample(owner, [event]) }
        #expect(error?.code == code)
    }
}
