import JSON
import MCP
import TestSupport
import Testing

@Suite(.bounded) struct MCPServerTests {
    private let server = MCPServer(namespace: FakeNamespace(), version: "1.2")

    @Test(arguments: [
        ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("1999-01-01", "2025-11-25"),
    ])
    func `a handshake agrees on a version that has one`(offer: String, agreed: String) async throws {
        let text = #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(offer)"}}"#
        let answer = try await answer(to: text)
        #expect(answer["id"] == 0)
        #expect(answer["result"]?["protocolVersion"]?.string == agreed)
        #expect(answer["result"]?["serverInfo"] == ["name": "python", "version": "1.2"])
        #expect(answer["result"]?["instructions"] == "Runs Python.")
    }

    @Test(arguments: ["0", "-1", "\"a\"", "\"\"", "9007199254740993", "1.5", "\"\\u2028\""])
    func `an id comes back as it was`(id: String) async throws {
        let answer = try await answer(to: #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
        #expect(try answer["id"] == JSONValue(parsing: id))
        #expect(answer["result"] == [:])
    }

    @Test func `tools are listed in order, and hidden where clients look`() async throws {
        let tools = try await tools(listsCleanUp: true)
        #expect(tools.map { $0["name"]?.string } == ["python", "cleanup_session"])
        for tool in tools {
            #expect(tool["outputSchema"] == nil)
            #expect(tool["annotations"]?["include_in_prompt"] == false)
            #expect(tool["_meta"] == ["include_in_prompt": false])
            #expect(tool["inputSchema"]?["type"] == "object")
        }
    }

    @Test func `models are not offered to end their session where no client asks for that`() async throws {
        #expect(try await tools(listsCleanUp: false).map { $0["name"]?.string } == ["python"])
    }

    @Test func `what a result has for programs is in _meta, beside the stream's own`() async throws {
        let namespace = FakeNamespace { _, _ in ToolResult(content: [.text("x")], meta: ["dev.harmonium/run": 1]) }
        let server = MCPServer(namespace: namespace, version: "0")
        let parameters = #"{"name":"python","_meta":{"progressToken":1}}"#
        let answers = try await server.answers(to: #"{"id":1,"method":"tools/call","params":\#(parameters)}"#)
        let result = try #require(answers.last?["result"])
        #expect(result["structuredContent"] == nil)
        #expect(result["_meta"] == ["dev.harmonium/run": 1, "dev.harmonium/output": ["seq": 2, "exact": true]])
    }

    @Test(arguments: [
        ("", "output"), (#","dev.harmonium/stream":{}"#, "output"), (#","dev.harmonium/stream":null"#, nil),
    ])
    func `a client's wish for details counts where the call has none`(wish: String, stream: String?) async throws {
        let namespace = FakeNamespace { _, output in
            await output(ToolOutput(text: "x"))
            return ToolResult(text: "x")
        }
        let server = MCPServer(namespace: namespace, version: "0")
        let parameters = #"{"name":"python","_meta":{"progressToken":1\#(wish)}}"#
        let text = #"{"id":1,"method":"tools/call","params":\#(parameters)}"#
        let answers = try await server.answers(to: text, streamDetails: [:])
        let details = answers.first?["params"]?["_meta"]?["dev.harmonium/output"]
        #expect(details?["stream"]?.string == stream)
    }

    @Test(arguments: [
        ("resources/list", -32601), ("prompts/list", -32601), ("logging/setLevel", -32601), ("server/discover", -32601),
        ("subscriptions/listen", -32601), ("", -32601),
    ])
    func `unknown methods are refused under their id`(method: String, code: Int) async throws {
        let answer = try await answer(to: #"{"id":"x","method":"\#(method)"}"#)
        #expect(answer["id"] == "x")
        #expect(answer["error"]?["code"]?.integer == code)
    }

    @Test func `parameters that are no object are refused under their id`() async throws {
        let answer = try await answer(to: #"{"id":3,"method":"tools/call","params":[1]}"#)
        #expect(answer["id"] == 3)
        #expect(answer["error"]?["code"] == -32602)
    }

    @Test(arguments: [("{bad", -32700), ("[]", -32600), ("1", -32600), (#"{"id":1}"#, -32600)])
    func `what is no message is refused`(text: String, code: Int) async throws {
        let answer = try await answer(to: text)
        #expect(answer["id"] == .null)
        #expect(answer["error"]?["code"]?.integer == code)
    }

    @Test(arguments: [
        #"{"method":"notifications/initialized"}"#, #"{"method":"notifications/x","params":{"a":1}}"#,
        #"{"method":"notifications/cancelled","params":{"requestId":999}}"#, #"{"id":1,"result":{}}"#,
    ])
    func `what expects no answer gets none`(text: String) async throws {
        #expect(try await server.answers(to: text).isEmpty)
    }

    @Test(arguments: [
        (#"{"name":"python","arguments":{"code":"1"}}"#, "ran 1"), (#"{"name":"python"}"#, "ran 0"),
        (#"{"name":"python","arguments":null}"#, "ran 0"),
        (#"{"name":"python","arguments":"{\"code\":\"1\"}"}"#, "ran 1"),
        (#"{"name":"python <|constrain|>json"}"#, "ran 0"),
        (#"{"name":"functions.python","_meta":null}"#, "ran 0"),
        (#"{"name":"cleanup_session"}"#, "The session has ended."),
    ])
    func `a call is carried out`(parameters: String, text: String) async throws {
        let result = try await result(of: parameters)
        #expect(result["isError"] == false)
        #expect(result["content"] == [["type": "text", "text": .string(text)]])
    }

    @Test(arguments: [
        (#"{"name":"nope"}"#, "no tool named `nope`"), (#"{"arguments":{}}"#, "The tools of python are: `python`."),
        (#"{"name":5}"#, "does not name a tool"), (#"{"name":"python","arguments":"x"}"#, "have to be a JSON object"),
        (#"{"name":"python","arguments":[1]}"#, "have to be a JSON object"),
    ])
    func `a model's mistake is a result`(parameters: String, part: String) async throws {
        let result = try await result(of: parameters)
        #expect(result["isError"] == true)
        #expect(result["content"]?.array?.first?["text"]?.string?.contains(part) == true)
    }

    @Test func `a tool that fails is a result without its reason`() async throws {
        struct Secret: Error {}
        let server = MCPServer(namespace: FakeNamespace { _, _ in throw Secret() }, version: "0")
        let answer = try await server.answers(to: #"{"id":1,"method":"tools/call","params":{"name":"python"}}"#)
        let text = answer.first?["result"]?["content"]?.array?.first?["text"]?.string
        #expect(text?.contains("Secret") == false)
        #expect(answer.first?["result"]?["isError"] == true)
    }

    @Test func `a tool gives up without having been cancelled, and is answered`() async throws {
        let server = MCPServer(namespace: FakeNamespace { _, _ in throw CancellationError() }, version: "0")
        let answer = try await server.answers(to: #"{"id":1,"method":"tools/call","params":{"name":"python"}}"#)
        #expect(answer.first?["result"]?["isError"] == true)
    }

    @Test func `cleaning up names the session`() async throws {
        let namespace = FakeNamespace()
        let server = MCPServer(namespace: namespace, version: "0")
        _ = try await server.answers(to: #"{"id":1,"method":"tools/call","params":{"name":"cleanup_session"}}"#)
        #expect(namespace.cleaned.all.map(\.id) == ["session"])
    }

    private func tools(listsCleanUp: Bool) async throws -> [JSONValue] {
        let answers = try await server.answers(to: #"{"id":1,"method":"tools/list"}"#, listsCleanUp: listsCleanUp)
        return try #require(answers.first?["result"]?["tools"]?.array)
    }

    private func answer(to text: String) async throws -> JSONValue {
        try #require(try await server.answers(to: text).first)
    }

    private func result(of parameters: String) async throws -> JSONValue {
        let answer = try await answer(to: #"{"id":1,"method":"tools/call","params":\#(parameters)}"#)
        return try #require(answer["result"])
    }
}
