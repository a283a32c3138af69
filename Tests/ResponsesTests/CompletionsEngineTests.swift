import AsyncHTTPClient
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import Responses

/// What an engine is asked, and what becomes of its stream.
@Suite(.bounded) struct CompletionsEngineTests {
    /// Samples from an engine on a port.
    private func sample(_ port: Int, tokensMax: Int = 8) async throws -> (ids: [UInt32], end: SamplingEnd) {
        let client = HTTPClient(configuration: PrefixWarmUp.clientConfiguration)
        defer { client.shutdown { _ in } }
        let endpoint = EngineEndpoint(address: "http://127.0.0.1:\(port)/v1", model: "gpt-oss", apiKey: "key")
        var request = SamplingRequest(prompt: [1, 2, 3], tokensMax: tokensMax)
        request.temperature = 0
        var ids: [UInt32] = []
        let end = try await CompletionsEngine(endpoint, client: client).sample(request) { ids += $0 }
        return (ids, end)
    }

    private static func stream(_ events: [String]) -> String { events.map { "data: \($0)\n\n" }.joined() }

    @Test func `ids go both ways, with the one that stopped the model`() async throws {
        let answer = Self.stream([
            #"{"choices":[{"token_ids":[5,6],"finish_reason":null}]}"#,
            #"{"choices":[{"token_ids":[7],"finish_reason":"stop","stop_reason":200012}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens_details":{"cached_tokens":2}}}"#, "[DONE]",
        ])
        try await LoopbackEngine.run({ _, _ in .answer(.ok, answer) }) { engine, port in
            let (ids, end) = try await sample(port)
            #expect(ids == [5, 6, 7, 200_012])
            #expect(end == SamplingEnd(.stop, cachedCount: 2))
            let request = try #require(engine.requests.last)
            #expect(request.path == "/v1/completions")
            #expect(request.authorization == "Bearer key")
            #expect(request.ids == [1, 2, 3])
            #expect(request.json["stop_token_ids"] == [200_002, 200_012])
            #expect(request.json["skip_special_tokens"] == false)
            #expect(request.json["return_token_ids"] == true)
            #expect(request.json["max_tokens"] == 8)
            #expect(request.json["temperature"]?.number == 0)
        }
    }

    @Test func `an id that stopped the model and is among the ids is there once`() async throws {
        let answer = Self.stream([
            #"{"choices":[{"token_ids":[7,200002],"finish_reason":"stop","stop_reason":200002}]}"#, "[DONE]",
        ])
        try await LoopbackEngine.run({ _, _ in .answer(.ok, answer) }) { _, port in
            let ids = try await sample(port).ids
            #expect(ids == [7, 200_002])
        }
    }

    @Test func `a limit is no stop`() async throws {
        let answer = Self.stream([#"{"choices":[{"token_ids":[7],"finish_reason":"length"}]}"#, "[DONE]"])
        try await LoopbackEngine.run({ _, _ in .answer(.ok, answer) }) { _, port in
            let end = try await sample(port).end
            #expect(end.reason == .length)
        }
    }

    @Test(arguments: [
        (LoopbackEngine.Reply.answer(.badRequest, #"{"error":{"message":"too long"}}"#), EngineError.Code.refused),
        (.answer(.ok, stream([#"{"error":{"message":"out of memory"}}"#])), .refused),
        (.answer(.ok, stream([#"{"choices":[{"text":"x","finish_reason":null}]}"#])), .broken),
        (.answer(.ok, stream([#"{"choices":[{"token_ids":[7],"finish_reason":null}]}"#])), .broken),
        (.answer(.ok, stream(["no JSON"])), .broken), (.hangUp, .unreachable),
    ])
    func `an engine that does not do it says why`(reply: LoopbackEngine.Reply, code: EngineError.Code) async throws {
        try await LoopbackEngine.run({ _, _ in reply }) { _, port in
            let error = await #expect(throws: EngineError.self) { try await sample(port) }
            #expect(error?.code == code)
        }
    }

    @Test func `the engine says how long a prompt may be, once it is there`() async throws {
        let list = #"{"data":[{"id":"other","max_model_len":9},{"id":"gpt-oss","max_model_len":8192}]}"#
        let reply = { @Sendable (count: Int, _: LoopbackEngine.Request) in
            count == 0 ? LoopbackEngine.Reply.answer(.serviceUnavailable, "") : .answer(.ok, list)
        }
        try await LoopbackEngine.run(reply) { engine, port in
            let client = HTTPClient(configuration: PrefixWarmUp.clientConfiguration)
            defer { client.shutdown { _ in } }
            let endpoint = EngineEndpoint(address: "http://127.0.0.1:\(port)/v1", model: "gpt-oss")
            let completions = CompletionsEngine(endpoint, client: client)
            var lengths: [Int?] = []
            for _ in 0..<3 { lengths.append(await completions.contextTokensMax) }
            #expect(lengths == [nil, 8192, 8192])
            #expect(engine.requests.map(\.path) == ["/v1/models", "/v1/models"])
        }
    }

    @Test func `many turns are sampled at a time, and no turn waits for another`() async throws {
        try await LoopbackEngine.run({ _, _ in .hold }) { engine, port in
            let client = HTTPClient(configuration: CompletionsEngine.clientConfiguration)
            defer { client.shutdown { _ in } }
            let endpoint = EngineEndpoint(address: "http://127.0.0.1:\(port)/v1", model: "gpt-oss")
            let completions = CompletionsEngine(endpoint, client: client)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        _ = try? await completions.sample(SamplingRequest(prompt: [1], tokensMax: 1)) { _ in }
                    }
                }
                for _ in 0..<40 { _ = await engine.arrived.next() }
                #expect(engine.outstandingMax == 40)
                group.cancelAll()
            }
        }
    }

    @Test func `one who gives up ends the work in the engine`() async throws {
        try await LoopbackEngine.run({ _, _ in .hold }) { engine, port in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await sample(port) }
                _ = await engine.arrived.next()
                group.cancelAll()
            }
            // The connection closes, which is how an engine hears of it.
            _ = await engine.abandoned.next()
            #expect(engine.outstandingCount == 0)
        }
    }
}
