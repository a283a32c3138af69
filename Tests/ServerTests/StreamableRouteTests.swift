import AsyncHTTPClient
import JSON
import MCP
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite(.bounded) struct StreamableRouteTests {
    private static let path = "/python/mcp"
    private static let initialize = #"{"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
    private static let events: HTTPHeaders = ["accept": "application/json, text/event-stream"]

    @Test func `a handshake opens a session, which ends when it is deleted`() async throws {
        let namespace = FakeNamespace()
        try await LiveServer.run(namespace) { server in
            let session = try await Self.session(on: server)
            #expect(try await server.post(Self.path, ping(id: 1), headers: session).json["result"] == [:])
            #expect(try await server.ask(.DELETE, Self.path, headers: session).status == 204)
            #expect(try await server.post(Self.path, ping(id: 1), headers: session).status == 404)
            #expect(try await server.ask(.DELETE, Self.path, headers: session).status == 404)
            #expect(await namespace.cleaned.next()?.id == session.first(name: "mcp-session-id"))
        }
    }

    @Test func `requests without their session are refused under their id`() async throws {
        try await LiveServer.run { server in
            let missing = try await server.post(Self.path, ping(id: 5))
            #expect(missing.status == 400)
            #expect(missing.json["id"] == 5)
            let unknown = try await server.post(Self.path, ping(id: 6), headers: ["mcp-session-id": "nope"])
            #expect(unknown.status == 404)
            #expect(unknown.json["id"] == 6)
        }
    }

    @Test func `what expects no answer has an empty response`() async throws {
        try await LiveServer.run { server in
            let session = try await Self.session(on: server)
            let text = #"{"method":"notifications/initialized"}"#
            let answer = try await server.post(Self.path, text, headers: session)
            #expect(answer.status == 202)
            #expect(answer.text.isEmpty)
        }
    }

    @Test func `a call is answered as the client can read it`() async throws {
        try await LiveServer.run { server in
            let session = try await Self.session(on: server)
            let plain = try await server.post(Self.path, call(id: 1), headers: session)
            #expect(plain.headers["content-type"] == ["application/json"])
            #expect(plain.json["result"]?["isError"] == false)
            var headers = session
            headers.add(contentsOf: Self.events)
            try await server.stream(.POST, Self.path, text: call(id: 2), headers: headers) { events in
                #expect(events.response.headers["content-type"] == ["text/event-stream"])
                let answer = try await events.message()
                #expect(answer["id"] == 2)
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test func `a call is cancelled from another request, and ends without a result`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace, settings: LiveServer.patient) { server in
            let session = try await Self.session(on: server)
            var headers = session
            headers.add(contentsOf: Self.events)
            try await server.stream(.POST, Self.path, text: call(id: 2), headers: headers) { events in
                _ = await calls.started.next()
                let text = #"{"method":"notifications/cancelled","params":{"requestId":2}}"#
                _ = try await server.post(Self.path, text, headers: session)
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test(arguments: [false, true])
    func `hanging up cancels the call`(isStateless: Bool) async throws {
        let calls = EndlessCalls()
        let namespace = calls.namespace
        try await LiveServer.run(namespace) { server in
            var headers = isStateless ? Self.stateless("tools/call") : try await Self.session(on: server)
            headers.add(contentsOf: Self.events)
            let text = isStateless ? call(id: 1, meta: Self.meta) : call(id: 1)
            try await server.stream(.POST, Self.path, text: text, headers: headers) { _ in
                _ = await calls.started.next()
            }
            let session = try #require(await calls.cancelled.next())
            #expect(session.endsWithConnection)
            if isStateless { #expect(await namespace.cleaned.next() == session) }
        }
        #expect(namespace.cleaned.number == (isStateless ? 1 : 0))
    }

    @Test func `hanging up cancels a call that is answered with JSON`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace) { server in
            let session = try await Self.session(on: server)
            await withDiscardingTaskGroup { group in
                group.addTask { _ = try? await server.post(Self.path, call(id: 1), headers: session) }
                _ = await calls.started.next()
                group.cancelAll()
            }
            _ = await calls.cancelled.next()
        }
    }

    @Test func `a new session takes the place of the oldest`() async throws {
        let namespace = FakeNamespace()
        try await LiveServer.run(namespace, settings: { $0.sessionsMax = 1 }) { server in
            let first = try await Self.session(on: server)
            let second = try await Self.session(on: server)
            #expect(try await server.post(Self.path, ping(id: 1), headers: first).status == 404)
            #expect(try await server.post(Self.path, ping(id: 1), headers: second).status == 200)
            #expect(await namespace.cleaned.next()?.id == first.first(name: "mcp-session-id"))
        }
    }

    @Test func `a session with state makes no room for one without`() async throws {
        try await LiveServer.run(settings: { $0.sessionsMax = 4 }) { server in
            let victim = try await Self.session(on: server)
            _ = try await server.post(Self.path, call(id: 1), headers: victim)
            for _ in 0..<10 { _ = try await Self.session(on: server) }
            let kept = try await server.post(Self.path, ping(id: 2), headers: victim)
            #expect(kept.status == 200)
        }
    }

    @Test(arguments: [(Duration.seconds(60), 503), (.zero, 200)])
    func `where all have state, one makes room that was kept long enough`(kept: Duration, status: Int) async throws {
        try await LiveServer.run(settings: {
            $0.sessionsMax = 2
            $0.roomIdle = kept
        }) { server in
            for _ in 0..<2 {
                let session = try await Self.session(on: server)
                _ = try await server.post(Self.path, call(id: 1), headers: session)
            }
            let third = try await server.post(Self.path, Self.initialize)
            #expect(third.status == status)
        }
    }

    @Test(arguments: [true, false])
    func `a batch is answered message by message`(readsEvents: Bool) async throws {
        try await LiveServer.run { server in
            var headers = try await Self.session(on: server)
            if readsEvents { headers.add(name: "accept", value: "application/json, text/event-stream") }
            let batch = "[\(ping(id: 1)),\(call(id: 2)),5,{\"id\":3},{\"method\":\"notifications/x\"}]"
            let answer = try await server.post(Self.path, batch, headers: headers)
            #expect(answer.status == 200)
            let messages =
                readsEvents
                ? answer.text.split(separator: "\r\n").filter { $0.hasPrefix("data: ") }
                    .compactMap { try? JSONValue(parsing: Array($0.dropFirst(6).utf8)) }
                : answer.json.array ?? []
            #expect(messages.count == 4)
            #expect(messages.first { $0["id"] == 1 }?["result"] != nil)
            #expect(messages.first { $0["id"] == 2 }?["result"]?["content"] != nil)
            #expect(messages.first { $0["id"] == 3 }?["error"]?["code"] == -32600)
            #expect(messages.contains { $0["id"] == .null && $0["error"]?["code"] == -32600 })
            let silent = try await server.post(Self.path, #"[{"method":"notifications/x"}]"#, headers: headers)
            #expect(silent.status == 202)
            let empty = try await server.post(Self.path, "[]", headers: headers)
            #expect(empty.status == 400)
        }
    }

    @Test func `a session that is not used makes room before there is need`() async throws {
        try await LiveServer.run(settings: { $0.sessionIdle = .zero }) { server in
            let first = try await Self.session(on: server)
            #expect(try await server.post(Self.path, ping(id: 1), headers: first).status == 200)
            let second = try await Self.session(on: server)
            #expect(try await server.post(Self.path, ping(id: 1), headers: first).status == 404)
            #expect(try await server.post(Self.path, ping(id: 1), headers: second).status == 200)
        }
    }

    @Test(arguments: ["{bad", #"[{"id":1,"method":"ping"}]"#])
    func `what is no message is refused`(text: String) async throws {
        try await LiveServer.run { server in
            let answer = try await server.post(Self.path, text)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["code"]?.integer != nil)
        }
    }

    @Test func `an unknown version is refused with those we speak`() async throws {
        try await LiveServer.run { server in
            let headers: HTTPHeaders = ["mcp-protocol-version": "1999-01-01"]
            let answer = try await server.post(Self.path, ping(id: 4), headers: headers)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["code"] == -32022)
            #expect(answer.json["error"]?["data"]?["supported"] == ["2026-07-28"])
        }
    }

    @Test(arguments: stateless)
    func `headers of a stateless request say what it says`(
        method: String,
        header: String?,
        name: String?,
        status: Int,
        code: Int?
    ) async throws {
        try await LiveServer.run { server in
            var headers: HTTPHeaders = ["mcp-protocol-version": "2026-07-28"]
            if let header { headers.add(name: "mcp-method", value: header) }
            if let name { headers.add(name: "mcp-name", value: name) }
            let text = #"{"id":1,"method":"\#(method)","params":{"name":"python","_meta":\#(Self.meta)}}"#
            let answer = try await server.post(Self.path, text, headers: headers)
            #expect(answer.status == status)
            #expect(answer.json["id"] == 1)
            #expect(answer.json["error"]?["code"]?.integer == code)
            #expect(answer.headers["mcp-session-id"].isEmpty)
        }
    }

    @Test(
        arguments: [
            (path, [], nil), (path, [("x-session-id", "mine")], "2026-07-28"),
            (path + "?session=mine", [], "2026-07-28"),
        ] as [(String, [(String, String)], String?)]
    )
    func `only a client that names a session is offered the revision without one`(
        path: String,
        headers: [(String, String)],
        version: String?
    ) async throws {
        try await LiveServer.run { server in
            let text = #"{"id":1,"method":"server/discover","params":{"_meta":\#(Self.meta)}}"#
            let headers = HTTPHeaders(headers + Array(Self.stateless("server/discover")))
            let answer = try await server.post(path, text, headers: headers)
            #expect(answer.json["result"]?["supportedVersions"]?.array?.first?.string == version)
            #expect(answer.status == (version == nil ? 404 : 200))
            #expect(answer.json["error"]?["code"] == (version == nil ? -32601 : nil))
            // What it falls back to, as its URL still says whose session it is.
            #expect(try await server.post(path, Self.initialize).json["result"]?["protocolVersion"] != nil)
        }
    }

    @Test(arguments: ["", "?session=url", "?session=%C3%BC&x=1"])
    func `the URL names a session, and a header counts before it`(query: String) async throws {
        try await LiveServer.run { server in
            let name = ["": nil, "?session=url": "url"][query] ?? "ü"
            for headers in [Self.stateless("tools/call"), try await Self.session(on: server)] {
                let path = Self.path + query
                let own = try await server.post(path, call(id: 1, meta: Self.meta), headers: headers)
                let text = own.json["result"]?["content"]?.array?.first?["text"]?.string
                if let name { #expect(text == "ran on \(name)") } else { #expect(text?.count == "ran on ".count + 32) }
                var named = headers
                named.add(name: "x-session-id", value: "header")
                let other = try await server.post(path, call(id: 1, meta: Self.meta), headers: named)
                #expect(other.json["result"]?["content"]?.array?.first?["text"] == "ran on header")
            }
        }
    }

    @Test(arguments: ["?session=", "?session=%0A", "?session=" + String(repeating: "x", count: 257)])
    func `what cannot be a name in the URL is refused`(query: String) async throws {
        try await LiveServer.run { server in
            let answer = try await server.post(Self.path + query, Self.initialize)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["message"]?.string?.contains("name of a session") == true)
        }
    }

    @Test func `models on this transport are not offered to end their session`() async throws {
        try await LiveServer.run { server in
            let session = try await Self.session(on: server)
            let list = try await server.post(Self.path, #"{"id":1,"method":"tools/list"}"#, headers: session)
            #expect(list.json["result"]?["tools"]?.array?.map { $0["name"]?.string } == ["python"])
            let text = #"{"id":1,"method":"tools/call","params":{"name":"cleanup_session"}}"#
            let ended = try await server.post(Self.path, text, headers: session)
            #expect(ended.json["result"]?["isError"] == false)
        }
    }

    @Test func `a subscription is acknowledged, and ends when the server stops`() async throws {
        try await LiveServer.run(settings: LiveServer.patient) { server in
            let text = #"{"id":"s","method":"subscriptions/listen","params":{"_meta":\#(Self.meta)}}"#
            let headers = Self.stateless("subscriptions/listen")
            try await server.stream(.POST, Self.path, text: text, headers: headers) { events in
                let first = try await events.message()
                #expect(first["method"] == "notifications/subscriptions/acknowledged")
                await server.stop()
                let last = try await events.message()
                #expect(last["id"] == "s")
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test func `there is no stream beside the responses`() async throws {
        try await LiveServer.run { server in
            let handshake = try await server.get(Self.path)
            #expect(handshake.status == 405)
            #expect(handshake.headers["allow"] == ["POST, DELETE"])
            for method in [HTTPMethod.GET, .DELETE] {
                let answer = try await server.ask(method, Self.path, headers: Self.stateless("x"))
                #expect(answer.status == 405)
                #expect(answer.headers["allow"] == ["POST"])
            }
        }
    }

    /// Method, `Mcp-Method`, `Mcp-Name`, status, code.
    private static let stateless: [(String, String?, String?, Int, Int?)] = [
        ("tools/call", "tools/call", "python", 200, nil), ("tools/call", "tools/call", "=?base64?cHl0aG9u?=", 200, nil),
        ("tools/call", "tools/call", "other", 400, -32020), ("tools/call", "tools/call", nil, 400, -32020),
        ("tools/call", "tools/list", "python", 400, -32020), ("tools/list", nil, nil, 400, -32020),
        ("tools/list", "tools/list", nil, 200, nil), ("ping", "ping", nil, 404, -32601),
        ("initialize", "initialize", nil, 404, -32601), ("server/discover", nil, nil, 400, -32020),
    ]

    private static let meta = """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """

    private static func stateless(_ method: String) -> HTTPHeaders {
        ["mcp-protocol-version": "2026-07-28", "mcp-method": method, "mcp-name": "python"]
    }

    private static func session(on server: LiveServer) async throws -> HTTPHeaders {
        let answer = try await server.post(path, initialize)
        #expect(answer.status == 200)
        return ["mcp-session-id": try #require(answer.headers.first(name: "mcp-session-id"))]
    }
}
