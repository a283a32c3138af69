import AsyncHTTPClient
import JSON
import MCP
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite(.bounded) struct LegacyRouteTests {
    @Test func `a stream starts with where to post`() async throws {
        try await LiveServer.run { server in
            try await server.stream { events in
                #expect(events.response.status.code == 200)
                #expect(events.response.headers["content-type"] == ["text/event-stream"])
                #expect(events.response.headers["cache-control"] == ["no-store"])
                #expect(events.response.headers["x-accel-buffering"] == ["no"])
                let endpoint = try await events.endpoint()
                #expect(endpoint.hasPrefix("/python/messages/?session_id="))
                let id = endpoint.drop { $0 != "=" }.dropFirst()
                #expect(id.count == 32)
                #expect(id.allSatisfy { $0.isHexDigit })
            }
        }
    }

    @Test(arguments: [
        ("/tools", "/tools/python/"), ("/a/b-c/", "/a/b-c/python/"), ("", "/python/"), ("tools", "/python/"),
        ("//evil.example", "/python/"), ("/a b", "/python/"), ("/x?y", "/python/"),
    ])
    func `a proxy can say below which path it serves us`(prefix: String, start: String) async throws {
        try await LiveServer.run { server in
            try await server.stream(headers: ["x-forwarded-prefix": prefix]) { events in
                let endpoint = try await events.endpoint()
                #expect(endpoint.hasPrefix("\(start)messages/?session_id="))
            }
        }
    }

    @Test func `requests are accepted at once and answered on the stream`() async throws {
        try await LiveServer.run { server in
            try await server.stream(headers: ["x-session-id": "mine"]) { events in
                let endpoint = try await events.endpoint()
                let accepted = try await server.post(endpoint, call(id: 0))
                #expect(accepted.status == 202)
                #expect(accepted.text.isEmpty)
                let answer = try await events.message()
                #expect(answer["id"] == 0)
                #expect(answer["result"]?["content"]?.array?.first?["text"] == "ran on mine")
            }
        }
    }

    @Test(
        arguments: [
            ("/python/sse", [:], ["python"]), ("/python/sse?session=mine", [:], ["python"]),
            ("/python/sse", ["x-session-id": "mine"], ["python", "cleanup_session"]),
        ] as [(String, HTTPHeaders, [String])]
    )
    func `ending a session is listed for who named it in a header`(
        path: String,
        headers: HTTPHeaders,
        names: [String]
    ) async throws {
        try await LiveServer.run { server in
            try await server.stream(.GET, path, headers: headers) { events in
                let endpoint = try await events.endpoint()
                _ = try await server.post(endpoint, #"{"id":1,"method":"tools/list"}"#)
                let tools = try await events.message()["result"]?["tools"]?.array
                #expect(tools?.compactMap { $0["name"]?.string } == names)
                _ = try await server.post(endpoint, call(id: 2))
                let text = try await events.message()["result"]?["content"]?.array?.first?["text"]?.string
                if path.contains("?") || !headers.isEmpty { #expect(text == "ran on mine") }
            }
        }
    }

    @Test(arguments: [nil, "output", "token-ids"])
    func `a header asks for details of the output`(wish: String?) async throws {
        let namespace = FakeNamespace { _, output in
            await output(ToolOutput(text: "42"))
            return ToolResult(text: "42")
        }
        try await LiveServer.run(namespace) { server in
            let headers: HTTPHeaders = wish.map { ["x-harmonium-stream": $0] } ?? [:]
            try await server.stream(headers: headers) { events in
                let endpoint = try await events.endpoint()
                _ = try await server.post(endpoint, call(id: 1, meta: #"{"progressToken":1}"#))
                let progress = try await events.message()
                let details = progress["params"]?["_meta"]?["dev.harmonium/output"]
                #expect(details?["text"] == (wish == nil ? nil : "42"))
            }
        }
    }

    @Test func `a ping does not wait for a running call, and a cancelled call has no result`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace) { server in
            try await server.stream { events in
                let endpoint = try await events.endpoint()
                _ = try await server.post(endpoint, call(id: 1))
                _ = await calls.started.next()
                _ = try await server.post(endpoint, ping(id: 2))
                #expect(try await events.message()["id"] == 2)
                let cancellation = #"{"method":"notifications/cancelled","params":{"requestId":1}}"#
                #expect(try await server.post(endpoint, cancellation).status == 202)
                _ = await calls.cancelled.next()
                _ = try await server.post(endpoint, ping(id: 3))
                #expect(try await events.message()["id"] == 3)
            }
        }
    }

    @Test func `output is streamed while the call runs`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace) { server in
            try await server.stream { events in
                let endpoint = try await events.endpoint()
                _ = try await server.post(endpoint, call(id: 1, meta: #"{"progressToken":"t"}"#))
                #expect(try await events.message()["params"]?["message"] == "started")
            }
        }
    }

    /// Long enough for a busy machine, and far less than the hour that a patient server is silent.
    private static let noticed = Duration.seconds(20)

    @Test func `hanging up cancels the call and ends the connection's own session`() async throws {
        let calls = EndlessCalls()
        let namespace = calls.namespace
        try await LiveServer.run(namespace, settings: LiveServer.patient) { server in
            try await server.stream { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1))
                _ = await calls.started.next()
            }
            let hangUp = ContinuousClock.now
            let cancelled = await calls.cancelled.next()
            #expect(ContinuousClock.now - hangUp < Self.noticed)
            #expect(cancelled?.endsWithConnection == true)
            #expect(await namespace.cleaned.next() == cancelled)
        }
    }

    @Test func `hanging up without having read cancels the call too`() async throws {
        let calls = EndlessCalls()
        let namespace = FakeNamespace { call, output in
            for _ in 0..<1000 { await output(ToolOutput(text: String(repeating: "x", count: 10_000))) }
            calls.started.report(call.session)
            await Gate().wait()
            calls.cancelled.report(call.session)
            throw CancellationError()
        }
        try await LiveServer.run(namespace, settings: LiveServer.patient) { server in
            try await server.stream { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1, meta: #"{"progressToken":1}"#))
                _ = await calls.started.next()
            }
            let hangUp = ContinuousClock.now
            _ = await calls.cancelled.next()
            #expect(ContinuousClock.now - hangUp < Self.noticed)
            #expect(await namespace.cleaned.next()?.endsWithConnection == true)
        }
    }

    @Test func `hanging up cancels the call and keeps a session that has a name`() async throws {
        let calls = EndlessCalls()
        let namespace = calls.namespace
        try await LiveServer.run(namespace) { server in
            try await server.stream(headers: ["x-session-id": "mine"]) { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1))
                _ = await calls.started.next()
            }
            #expect(await calls.cancelled.next() == SessionKey(id: "mine", endsWithConnection: false))
        }
        // The server has stopped, so that nothing more can come.
        #expect(namespace.cleaned.number == 0)
    }

    @Test func `a batch and a long id are answered on the stream`() async throws {
        try await LiveServer.run { server in
            try await server.stream { events in
                let endpoint = try await events.endpoint()
                let batch = try await server.post(endpoint, "[\(ping(id: 1)),{\"id\":2},\(ping(id: 3))]")
                #expect(batch.status == 202)
                var ids: [JSONValue] = []
                for _ in 0..<3 { ids.append(try await events.message()["id"] ?? .null) }
                #expect(ids.contains(1) && ids.contains(2) && ids.contains(3))
                let long = String(repeating: "x", count: 30_000)
                let accepted = try await server.post(endpoint, #"{"id":"\#(long)","method":"ping"}"#)
                #expect(accepted.status == 202)
                let answer = try await events.message()
                #expect(answer["id"]?.string == long)
            }
        }
    }

    @Test func `what is not accepted leaves the connection as it was`() async throws {
        try await LiveServer.run(settings: { $0.bodyBytesMax = 1000 }) { server in
            try await server.stream { events in
                let endpoint = try await events.endpoint()
                let malformed = try await server.post(endpoint, "{bad")
                #expect(malformed.status == 400)
                #expect(malformed.json["error"]?.string?.isEmpty == false)
                let large = try await server.post(endpoint, String(repeating: " ", count: 1001))
                #expect(large.status == 413)
                #expect(large.json["error"]?.string?.contains("1000 bytes") == true)
                #expect(try await server.post(endpoint, "[]").status == 400)
                #expect(try await server.post(endpoint, ping(id: 7)).status == 202)
                #expect(try await events.message()["id"] == 7)
            }
        }
    }

    @Test func `posting anywhere else says so`() async throws {
        try await LiveServer.run { server in
            let path = "/python/messages/?session_id=\(String(repeating: "0", count: 32))"
            #expect(try await server.post(path, ping(id: 1)).status == 404)
            #expect(try await server.post("/python/messages/", ping(id: 1)).status == 404)
            let refusal = try await server.post("/python/sse", "{}")
            #expect(refusal.status == 405)
            #expect(refusal.headers["allow"] == ["GET"])
        }
    }

    @Test func `of several names the last counts, and a bad one is refused`() async throws {
        try await LiveServer.run { server in
            try await server.stream(headers: ["x-session-id": "first", "X-Session-ID": "a, b"]) { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1))
                let answer = try await events.message()
                #expect(answer["result"]?["content"]?.array?.first?["text"] == "ran on a, b")
            }
            let long = String(repeating: "x", count: 257)
            #expect(try await server.get("/python/sse", headers: ["x-session-id": long]).status == 400)
            #expect(try await server.get("/python/sse", headers: ["x-session-id": ""]).status == 400)
        }
    }

    @Test func `silence is filled with comments`() async throws {
        try await LiveServer.run(settings: { $0.keepAlive = .milliseconds(10) }) { server in
            try await server.stream { events in
                _ = try await events.endpoint()
                #expect(try await events.next()?.comment == " keep-alive")
                #expect(try await events.next()?.comment == " keep-alive")
            }
        }
    }

    @Test func `one call too many is asked to wait`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace, settings: { $0.requestsMax = 1 }) { server in
            try await server.stream { events in
                let endpoint = try await events.endpoint()
                _ = try await server.post(endpoint, call(id: 1))
                #expect(try await server.post(endpoint, call(id: 2)).status == 202)
                let answer = try await events.message()
                #expect(answer["id"] == 2)
                #expect(answer["result"]?["isError"] == true)
            }
        }
    }

    @Test func `one stream too many is refused`() async throws {
        try await LiveServer.run(settings: { $0.connectionsMax = 1 }) { server in
            try await server.stream { events in
                _ = try await events.endpoint()
                #expect(try await server.get("/python/sse").status == 503)
            }
        }
    }

    @Test func `a client that does not read delays no other`() async throws {
        let finished = Gate()
        let namespace = FakeNamespace { _, output in
            for _ in 0..<400 { await output(ToolOutput(text: String(repeating: "x", count: 10_000))) }
            finished.open()
            return ToolResult(text: "done")
        }
        try await LiveServer.run(namespace) { server in
            try await server.stream { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1, meta: #"{"progressToken":1}"#))
                await finished.wait()
                try await server.stream { others in
                    _ = try await server.post(try await others.endpoint(), ping(id: 2))
                    #expect(try await others.message()["id"] == 2)
                }
                var size = 0
                while let text = try await events.message()["params"]?["message"]?.string { size += text.utf8.count }
                #expect(size == 4_000_000)
            }
        }
    }
}
