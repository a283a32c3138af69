import Harmony
import JSON
import TestSupport
import Testing

@testable import Responses

/// What requests may say, and what a client reads that says something else.
@Suite(.bounded) struct ResponseRequestTests {
    private static let refused: [(body: JSONValue, parameter: String?)] = [
        ([], nil),
        ([:], "input"),
        (["input": 7], "input"),
        (["input": "x", "stream": "yes"], "stream"),
        (["input": "x", "temperature": 3], "temperature"),
        (["input": "x", "max_output_tokens": 0], "max_output_tokens"),
        (["input": "x", "tools": [["type": "computer"]]], "tools[0].type"),
        (["input": "x", "tools": [["type": "mcp", "server_label": "other"]]], "tools[0].server_label"),
        (["input": "x", "tools": [["type": "function", "name": "a b"]]], "tools[0].name"),
        (["input": "x", "tools": [["type": "shell"]]], "tools[0].type"),
        (["input": "x", "tool_choice": ["type": "function", "name": "f"]], "tool_choice"),
        (["input": "x", "reasoning": ["effort": "huge"]], "reasoning.effort"),
        (["input": "x", "background": true], "background"),
    ]

    @Test(arguments: refused.indices) func `what is wrong is named`(index: Int) {
        let (body, parameter) = Self.refused[index]
        let error = #expect(throws: ResponseError.self) { try ResponseRequest(body, served: ["python"]) }
        #expect(error?.parameter == parameter)
        #expect(error?.kind == .invalidRequest)
    }

    @Test func `a request that says all it can is read`() throws {
        let request = try ResponseRequest(
            [
                "model": "m", "input": [["role": "user", "content": "x"]], "instructions": "Be short.", "stream": true,
                "store": false, "max_output_tokens": 9, "max_tool_calls": 2, "temperature": 0.5, "top_p": 0.9,
                "reasoning": ["effort": "xhigh"], "tool_choice": "auto", "tools": [["type": "code_interpreter"]],
            ],
            served: ["python"]
        )
        #expect(request.isStreamed && !request.isStored)
        #expect(request.outputTokensMax == 9 && request.toolCallsMax == 2)
        #expect(request.effort == .high)
        #expect(request.tools.count == 1)
    }

    @Test func `no secret comes back`() throws {
        let body: JSONValue = [
            "input": "x",
            "tools": [
                [
                    "type": "mcp", "server_label": "python", "server_url": "https://user:key@example.com/path?token=1",
                    "headers": ["Authorization": "Bearer key"], "authorization": "key",
                ]
            ],
        ]
        let request = try ResponseRequest(body, served: ["python"])
        let echo = ResponseResource(id: "resp_1", model: "m", request: request, now: { 0 }).json(.inProgress)
        #expect(!echo.description.contains("key@") && !echo.description.contains("Bearer"))
        let tool = try #require(echo["tools"]?.array?.first)
        #expect(tool["server_url"] == "https://example.com/<redacted>")
        #expect(tool["headers"] == .null && tool["authorization"] == .null)
    }

    @Test(arguments: [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_798_761_599, "2026-12-31")])
    func `a time has a date`(seconds: Int, date: String) { #expect(CivilDate(seconds).description == date) }
}
