import AsyncHTTPClient
import Harmony
import Responses

/// Appends a tool's output to a prompt while the tool runs, and lets the engine compute what is already certain.
func append(
    _ output: some AsyncSequence<[UInt32], any Error>,
    of reply: ToolReply,
    to prompt: inout Prompt,
    warmUp: PrefixWarmUp
) async throws {
    try await warmUp.withFeed(after: prompt.ids) { feed in
        try prompt.beginToolMessage(reply)
        for try await ids in output {
            try prompt.appendToolOutput(ids, at: prompt.toolOutputCount)
            feed.extend(to: prompt.ids)
        }
    }
    try prompt.endToolMessage()
}

/// An engine at its usual address; the client is made with `PrefixWarmUp.clientConfiguration`.
func makeWarmUp(client: HTTPClient) -> PrefixWarmUp {
    let engine = EngineEndpoint(address: "http://localhost:8000/v1", model: "openai/gpt-oss-20b")
    return PrefixWarmUp(engine: engine, client: client)
}
