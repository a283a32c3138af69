import Harmony
import Responses
import TestSupport
import Testing
import Tokenizer

/// A turn with a tool, from the text that it writes to what the engine is sent.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct ConversationTests {
    private static let history = [Message(system: SystemContent()), Message(role: .user, text: "Run the tests.")]
    private static let call = Message(
        role: .assistant,
        recipient: "python",
        channel: "analysis",
        contentType: "code",
        text: "!make test"
    )
    private static let output = (1...400).map { "ok \($0): a naïve café, <|end|> 漢字 \($0 * $0)\n" }.joined()

    @Test func `what the engine was sent is how the finished conversation is rendered`() async throws {
        let renderer = Renderer(encoding: try Installed.encoding())
        let reply = try #require(ToolReply(to: Self.call))
        var prompt = try Prompt(renderer: renderer, history: Self.history)
        try prompt.beginTurn()
        let sampled = try renderer.conversation([Self.call]).dropFirst(2)
        for id in sampled { try prompt.appendSampled(id) }
        let start = prompt.ids.count
        try await LoopbackEngine.run { engine, port in
            try await withWarmUp(port) { warmUp in
                try await warmUp.withFeed(after: prompt.ids, cacheSalt: "salt") { feed in
                    try prompt.beginToolMessage(reply)
                    var encoder = IncrementalEncoder(renderer.encoding)
                    var rest = Array(Self.output.utf8)[...]
                    var computed = start / 16 * 16
                    while !rest.isEmpty {
                        let piece = rest.prefix(37)
                        rest = rest.dropFirst(37)
                        let ids = encoder.feed(piece.span)
                        try prompt.appendToolOutput(ids, at: prompt.toolOutputCount)
                        feed.extend(to: prompt.ids)
                        while prompt.ids.count / 16 * 16 - computed >= 256 {
                            computed = try #require(await engine.arrived.next()).ids.count
                        }
                    }
                }
                try prompt.endToolMessage(text: Self.output)
                try prompt.beginTurn()
                try await complete(prompt.ids, of: port)
            }
            let conversation = Self.history + [Self.call, reply.message(Self.output)]
            let prompts = engine.requests.map(\.ids)
            #expect(prompts.last == (try renderer.completion(of: conversation)).map(Int.init))
            #expect(prompts.count > 10)
            expectGrowth(prompts, from: start)
        }
    }
}
