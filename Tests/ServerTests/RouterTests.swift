import MCP
import NIOHTTP1
import Server
import Testing

@Suite struct RouterTests {
    @Test func `operators see how it is`() async throws {
        let readiness = Readiness(isReady: false, details: ["python": "starting"])
        try await LiveServer.run(readiness: { readiness }) { server in
            let health = try await server.get("/healthz")
            #expect(health.status == 200)
            #expect(health.text == "ok")
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            #expect(ready.json == ["ready": false, "python": "starting"])
            #expect(try await server.get("/").text.contains("/python/sse"))
        }
    }

    @Test(arguments: [
        ("/nope", "/python/sse"), ("/python", "/python/sse"), ("/python/nope", "/python/mcp"),
        ("/browser/sse", "not part of this build yet"), ("/container/mcp", "not part of this build yet"),
    ])
    func `an unknown path says what there is`(path: String, part: String) async throws {
        try await LiveServer.run { server in
            let answer = try await server.get(path)
            #expect(answer.status == 404)
            #expect(answer.json["error"]?.string?.contains(part) == true)
        }
    }

    @Test(arguments: [HTTPMethod.POST, .PUT, .DELETE])
    func `another method says which one to use`(method: HTTPMethod) async throws {
        try await LiveServer.run { server in
            let answer = try await server.ask(method, "/healthz")
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == ["GET"])
        }
    }

    @Test(arguments: [
        (["origin": "http://localhost:1234"], 200), (["origin": "https://127.0.0.1"], 200),
        (["origin": "http://[::1]:80"], 200), (["origin": "https://allowed.example"], 200),
        (["origin": "http://allowed.example"], 403), (["origin": "http://evil.example"], 403),
        (["origin": "http://localhost.evil.example"], 403), (["origin": "null"], 403), (["origin": ""], 403),
        (["host": "LOCALHOST"], 200), (["host": "[::1]:8081"], 200), (["host": "named.example:80"], 200),
        (["host": "evil.example"], 421), (["host": "127.0.0.1.evil.example:8081"], 421), ([:], 200),
    ])
    func `pages of other sites are kept out`(headers: [String: String], status: Int) async throws {
        try await LiveServer.run(settings: {
            $0.allowedOrigins = ["https://allowed.example"]
            $0.allowedHosts = ["named.example"]
        }) { server in
            for path in ["/healthz", "/python/nope"] {
                let answer = try await server.get(path, headers: HTTPHeaders(headers.map { ($0.key, $0.value) }))
                #expect(answer.status == (status == 200 && path != "/healthz" ? 404 : status))
            }
        }
    }

    @Test func `a wildcard lets everybody in`() async throws {
        try await LiveServer.run(settings: {
            $0.allowedOrigins = ["*"]
            $0.allowedHosts = ["*"]
        }) { server in
            let headers: HTTPHeaders = ["origin": "http://any.example", "host": "any.example"]
            let answer = try await server.get("/healthz", headers: headers)
            #expect(answer.status == 200)
        }
    }
}
