import JSON
import MCP
import TestSupport
import Testing

/// Tools whose arguments are JSON, called in Harmony.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct HarmonyArgumentsTests {
    private static let slips = [
        ("```json\\n{\\\"query\\\":\\\"a\\\"}\\n```", "fence"), ("{\\\"query\\\":\\\"a\\\",}", "trailing_comma"),
        ("{\\\"query\\\":\\\"a\\\"}}", "extra_bracket"),
        ("\\\"{\\\\\\\"query\\\\\\\":\\\\\\\"a\\\\\\\"}\\\"", "encoded_twice"),
    ]

    @Test(arguments: slips)
    func `slips are mended and reported, if that is wished`(arguments: String, repair: String) async throws {
        let answer = try await answer(to: arguments, isLenient: true)
        #expect(answer["messages"]?.array?.first?["message"]?["content"] == "found a")
        #expect(answer["repairs"] == [.string("arguments:\(repair)")])
    }

    @Test(arguments: slips)
    func `otherwise the model reads what is wrong`(arguments: String, repair: String) async throws {
        let answer = try await answer(to: arguments, isLenient: false)
        let content = answer["messages"]?.array?.first?["message"]?["content"]?.string
        #expect(content?.hasPrefix("The arguments of browser.search have to be a JSON object") == true)
        #expect(answer["is_error"] == true)
        #expect(answer["repairs"] == [])
    }

    @Test(arguments: [false, true])
    func `what cannot be mended is reported with its place`(isLenient: Bool) async throws {
        let answer = try await answer(to: "{\\\"query\\\" \\\"a\\\"}", isLenient: isLenient)
        let content = answer["messages"]?.array?.first?["message"]?["content"]?.string
        #expect(content?.hasSuffix(": no colon after a name at byte 9, between `{\"query\" ` and `\"a\"}`.") == true)
        #expect(answer["is_error"] == true)
    }

    private func answer(to arguments: String, isLenient: Bool) async throws -> JSONValue {
        let answers = Events<JSONValue>()
        try await LiveServer.run(FakeSearch(), encoding: Installed.encoding()) { server in
            let text = "<|channel|>commentary to=browser.search <|constrain|>json<|message|>\(arguments)<|call|>"
            let answer = try await server.post("/v1/harmony", #"{"lenient":\#(isLenient),"text":"\#(text)"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            answers.report(answer.json)
        }
        answers.finish()
        return try #require(await answers.next())
    }
}

/// A namespace of one tool, which says what it is asked for.
private struct FakeSearch: ToolNamespace {
    let name = "browser"
    let instructions = "Searches."
    var tools: [any Tool] { [Search()] }

    func cleanUp(_ session: SessionKey) async {}

    private struct Search: Tool {
        let description = ToolDescription(name: "search", description: "Searches.")

        func call(_ call: ToolCall, output: @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
            ToolResult(text: "found \(call.arguments["query"]?.string ?? "nothing")")
        }
    }
}
