import JSON
import MCP
import TestSupport
import Testing
import Tokenizer

@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct HarmonyRouteTests {
    private static let call =
        #"{"role":"assistant","channel":"analysis","recipient":"python","content":"64548*15151\n"}"#
    /// A tool that multiplies, in pieces, as far as this test needs it.
    private static let namespace = FakeNamespace { call, output in
        guard call.arguments["code"] == "64548*15151\n" else {
            return ToolResult(text: "SyntaxError: <|end|>", isError: true)
        }
        await output(ToolOutput(text: "9779"))
        return ToolResult(text: "977966748")
    }

    @Test(arguments: [
        #"{"message":\#(call)}"#,
        #"{"text":"<|channel|>analysis to=python code<|message|>64548*15151\n<|call|>"}"#,
        #"{"text":"<|start|>assistant to=python<|channel|>analysis<|message|>64548*15151\n<|call|>"}"#,
        #"{"text":"<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>analysis to=python<|message|>64548*15151\n<|call|>"}"#,
        // The model goes on where it should have waited, and makes up what the tool and it say.
        #"{"text":"<|channel|>analysis to=python code<|message|>64548*15151\n<|call|><|start|>python to=assistant<|channel|>analysis<|message|>1<|end|><|start|>assistant<|channel|>final<|message|>It is 1.<|return|>"}"#,
        // What was answered before is not called again.
        #"{"text":"<|start|>assistant<|channel|>analysis to=python<|message|>1<|call|><|start|>python to=assistant<|channel|>analysis<|message|>1<|end|><|start|>assistant<|channel|>analysis to=python<|message|>64548*15151\n<|call|>"}"#,
    ])
    func `a call is answered with the tool's message`(body: String) async throws {
        let encoding = try Installed.encoding()
        try await LiveServer.run(Self.namespace, encoding: encoding) { server in
            let answer = try await server.post("/v1/harmony", body)
            #expect(answer.status == 200, "\(answer.text)")
            let message = try #require(answer.json["messages"]?.array?.first)
            #expect(
                message["message"] == [
                    "role": "tool", "name": "python", "recipient": "assistant", "content": "977966748",
                    "channel": "analysis",
                ]
            )
            let text = "<|start|>python to=assistant<|channel|>analysis<|message|>977966748<|end|>"
            #expect(message["text"]?.string == text)
            let ids = message["token_ids"]?.array?.compactMap { $0.integer.map(UInt32.init) } ?? []
            #expect(ids == encoding.encodeWithSpecialTokens(text))
            let span = message["content_span"]?.array?.compactMap(\.integer) ?? []
            #expect(Array(ids[span[0]..<span[1]]) == encoding.encode("977966748"))
            #expect(answer.json["is_error"] == false)
        }
    }

    @Test func `tokens as they were sampled are a call`() async throws {
        let encoding = try Installed.encoding()
        let sampled = "<|channel|>analysis to=python code<|message|>64548*15151\n<|call|>"
        let ids = encoding.encodeWithSpecialTokens(sampled).map(String.init).joined(separator: ",")
        try await LiveServer.run(Self.namespace, encoding: encoding) { server in
            let answer = try await server.post("/v1/harmony", #"{"token_ids":[\#(ids)]}"#)
            #expect(answer.json["messages"]?.array?.first?["message"]?["content"] == "977966748", "\(answer.text)")
        }
    }

    @Test func `a streamed answer is the same, piece by piece`() async throws {
        let encoding = try Installed.encoding()
        try await LiveServer.run(Self.namespace, encoding: encoding) { server in
            let answer = try await server.post("/v1/harmony", #"{"message":\#(Self.call),"stream":true}"#)
            // A comment keeps a slow stream alive.
            let events = answer.text.split(separator: "\r\n\r\n").filter { !$0.hasPrefix(":") }.map { event in
                event.split(separator: "\r\n").map { $0.drop { $0 != ":" }.dropFirst(2) }
            }
            #expect(events.first?.first == "tool.started")
            #expect(events.last?.first == "tool.message")
            let data = try events.map { try JSONValue(parsing: Array($0[1].utf8)) }
            let whole = try #require(data.last?["messages"]?.array?.first)
            let streamed = data.dropFirst().dropLast()
            #expect(streamed.compactMap { $0["text"]?.string }.joined() == "977966748")
            let content = streamed.flatMap { $0["token_ids"]?.array ?? [] }
            let header = data.first?["header_token_ids"]?.array ?? []
            #expect(header + content + [200_007] == whole["token_ids"]?.array)
        }
    }

    @Test(arguments: [
        ("nothing", "no JSON"), ("[]", "JSON object"), ("{}", "one of `message`, `text` and `token_ids`"),
        (#"{"text":"a","token_ids":[1]}"#, "one of"), (#"{"token_ids":["a"]}"#, "array of token ids"),
        (#"{"token_ids":[200005,300000]}"#, "no token 300000"),
        (#"{"message":{"role":"stranger"}}"#, "no message of Harmony"),
        (#"{"text":"<|channel|>final<|message|>hi<|return|>"}"#, "no recipient"),
        (#"{"text":"<|channel|>analysis to=browser.search<|message|>{}<|call|>"}"#, "no tool `browser.search`"),
        (#"{"text":"<|channel|>analysis to=python<|channel|>x y z<|message|>1<|call|>"}"#, "unexpected tokens"),
        (#"{"text":"<|channel|>analysis to=python"}"#, "Unexpected EOS"),
        (#"{"message":{"role":"user","recipient":"python","content":"1"}}"#, "not one"),
        (#"{"message":\#(call),"session":5}"#, "`session` has to be a string"),
        (#"{"message":\#(call),"tools":["browser.open"]}"#, "no tool `python`"),
    ])
    func `what is no call is refused with a sentence`(body: String, part: String) async throws {
        try await LiveServer.run(Self.namespace, encoding: Installed.encoding()) { server in
            let answer = try await server.post("/v1/harmony", body)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?.string?.contains(part) == true, "\(answer.text)")
        }
    }

    @Test(arguments: [
        (#"<|channel|>analysis to=python<|channel|>commentary<|message|>64548*15151\n<|call|>"#, "extra_channel"),
        (#"<|channel|>analysis to=python<|channel|><|message|>64548*15151\n"#, "bad_channel"),
        (#"<|channel|>analysis to=functions.python<|message|>64548*15151\n<|call|>"#, "recipient:functions.python"),
        (#"<|channel|>analysis to=python.python<|message|>64548*15151\n<|call|>"#, "recipient:python.python"),
        (#"<|start|>bash to=python<|channel|>commentary<|message|>64548*15151\n<|call|>"#, "unknown_role"),
        (
            #"<|channel|>commentary to=python <|constrain|>json<|message|>{\"code\":\"64548*15151\\n\",}<|call|>"#,
            "arguments:trailing_comma"
        ),
    ])
    func `what is wrong is repaired and reported, if that is wished`(text: String, repair: String) async throws {
        try await LiveServer.run(Self.namespace, encoding: Installed.encoding()) { server in
            let answer = try await server.post("/v1/harmony", #"{"lenient":true,"text":"\#(text)"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["messages"]?.array?.first?["message"]?["content"] == "977966748")
            #expect(answer.json["repairs"]?.array?.contains(.string(repair)) == true, "\(answer.text)")
        }
    }

    @Test(arguments: [false, true])
    func `two calls in one output are both answered, in their order`(isStreamed: Bool) async throws {
        let namespace = FakeNamespace { call, output in
            await output(ToolOutput(text: call.arguments["code"]?.string ?? ""))
            return ToolResult(text: call.arguments["code"]?.string ?? "-", isError: call.arguments["code"] == "two")
        }
        let text = ["one", "two"].map { "<|channel|>analysis to=python<|message|>\($0)<|call|>" }
            .joined(separator: "<|start|>assistant<|channel|>analysis<|message|>and<|end|><|start|>assistant")
        try await LiveServer.run(namespace, encoding: Installed.encoding()) { server in
            let answer = try await server.post("/v1/harmony", #"{"text":"\#(text)","stream":\#(isStreamed)}"#)
            let events = answer.text.split(separator: "\r\n")
            #expect(events.count { $0 == "event: tool.started" } == (isStreamed ? 2 : 0))
            #expect(events.count { $0 == "event: tool.message" } == (isStreamed ? 1 : 0))
            let last = isStreamed ? String(events.last?.dropFirst("data: ".count) ?? "") : answer.text
            let whole = try JSONValue(parsing: last)
            let messages = whole["messages"]?.array ?? []
            #expect(messages.map { $0["message"]?["content"] } == ["one", "two"])
            #expect(messages.map { $0["is_error"] } == [false, true])
            #expect(whole["is_error"] == true)
        }
    }

    @Test func `more calls than are answered at once are refused`() async throws {
        let call = "<|channel|>analysis to=python<|message|>1<|call|>"
        try await LiveServer.run(Self.namespace, encoding: Installed.encoding()) { server in
            for (count, status) in [(16, 200), (17, 400)] {
                let text = Array(repeating: call, count: count).joined(separator: "<|start|>assistant")
                let answer = try await server.post("/v1/harmony", #"{"text":"\#(text)"}"#)
                #expect(answer.status == status, "\(answer.text)")
            }
        }
    }

    @Test(arguments: ["container.exec", "repo_browser.open_file", "browser", "browser_search", "search", "python.run"])
    func `an unknown tool is answered with all there are`(recipient: String) async throws {
        try await LiveServer.run(Self.namespace, encoding: Installed.encoding()) { server in
            let text = "<|channel|>commentary to=\(recipient)<|message|>{}<|call|>"
            let answer = try await server.post("/v1/harmony", #"{"lenient":true,"text":"\#(text)"}"#)
            let content = answer.json["messages"]?.array?.first?["message"]?["content"]?.string
            #expect(content == "There is no tool `\(recipient)`. The tools are: `python`.")
            #expect(answer.json["is_error"] == true)
            #expect(answer.json["repairs"]?.array?.contains("unknown_recipient") == true)
        }
    }

    @Test(arguments: [
        (#"{\"code\":\"a\"}[\"code\"]"#, "", #"{"code":"a"}["code"]"#),
        (#"{\"code\":\"a\"} then"#, " <|constrain|>json", "a"),
        (#"{\"code\":\"a\",\"x\":1,}"#, "", #"{"code":"a","x":1,}"#), (#"{\"code\":\"a\"}}"#, "", "a"),
    ])
    func `code that only begins as arguments is code`(text: String, type: String, code: String) async throws {
        let namespace = FakeNamespace { call, _ in ToolResult(text: call.arguments["code"]?.string ?? "-") }
        try await LiveServer.run(namespace, encoding: Installed.encoding()) { server in
            let text = "<|channel|>commentary to=python\(type)<|message|>\(text)<|call|>"
            let answer = try await server.post("/v1/harmony", #"{"lenient":true,"text":"\#(text)"}"#)
            #expect(answer.json["messages"]?.array?.first?["message"]?["content"]?.string == code, "\(answer.text)")
        }
    }

    @Test func `output that spells control tokens has none`() async throws {
        try await LiveServer.run(Self.namespace, encoding: Installed.encoding()) { server in
            let answer = try await server.post(
                "/v1/harmony",
                #"{"message":{"role":"assistant","recipient":"python","content":"x"}}"#
            )
            #expect(answer.json["is_error"] == true)
            let message = try #require(answer.json["messages"]?.array?.first)
            let ids = message["token_ids"]?.array?.compactMap(\.integer) ?? []
            #expect(ids.count { $0 >= 199_998 } == 3)
        }
    }

    @Test func `without a vocabulary it says how to get one`() async throws {
        try await LiveServer.run(Self.namespace) { server in
            let answer = try await server.post("/v1/harmony", #"{"message":\#(Self.call)}"#)
            #expect(answer.status == 503)
            #expect(answer.json["error"]?.string?.contains("vocabulary install") == true)
        }
    }
}
