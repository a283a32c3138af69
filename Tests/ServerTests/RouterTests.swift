import JSON
import MCP
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite(.bounded) struct RouterTests {
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
            #expect(answer.headers["allow"] == ["GET, HEAD"])
        }
    }

    @Test(arguments: [
        ("LOCALHOST", 404), ("[::1]:8081", 404), ("127.0.0.1", 404), ("named.example:80", 404),
        ("evil.example", 421), ("127.0.0.1.evil.example:8081", 421), ("localhost.evil.example", 421),
    ])
    func `only names that are allowed are answered to, and probes by any`(host: String, status: Int) async throws {
        let readiness: @Sendable () async -> Readiness = { Readiness(isReady: true, details: ["detail": "x"]) }
        try await LiveServer.run(settings: { $0.allowedHosts = ["named.example"] }, readiness: readiness) { server in
            let answer = try await server.get("/python/nope", headers: ["host": host])
            #expect(answer.status == status)
            #expect((status == 421) == answer.text.contains("http.allowed-hosts"))
            for probe in ["/healthz", "/readyz"] {
                #expect(try await server.get(probe, headers: ["host": host]).status == 200)
            }
            let said = try await server.get("/readyz", headers: ["host": host]).json
            #expect(said["ready"] == true)
            #expect((said["detail"] == nil) == (status == 421), "\(said)")
        }
    }

    @Test(arguments: [
        ("http://localhost:1234", true, true), ("https://127.0.0.1", true, true), ("http://[::1]:80", true, true),
        ("http://localhost:1234", false, false), ("https://allowed.example", false, true),
        ("https://allowed.example", true, true), ("http://allowed.example", true, false),
        ("http://evil.example", true, false), ("http://localhost.evil.example", true, false), ("null", true, false),
        ("", true, false),
    ])
    func `pages of allowed origins can read the answers, and no others`(
        origin: String,
        allowsLocal: Bool,
        isAllowed: Bool
    ) async throws {
        try await LiveServer.run(settings: {
            $0.allowedOrigins = ["https://allowed.example"]
            $0.allowsLocalOrigins = allowsLocal
        }) { server in
            for (path, status) in [("/healthz", 200), ("/python/nope", 404), ("/python/mcp", 405)] {
                let answer = try await server.get(path, headers: ["origin": origin])
                #expect(answer.status == (isAllowed ? status : 403))
                #expect(answer.headers["access-control-allow-origin"] == (isAllowed ? [origin] : []))
                let exposed = answer.headers["access-control-expose-headers"].joined()
                #expect(exposed.contains("Mcp-Session-Id") == isAllowed)
                #expect(answer.headers["vary"] == (isAllowed ? ["Origin"] : []))
            }
        }
    }

    @Test(arguments: [("http://localhost:6274", 204), ("https://evil.example", 403)])
    func `a browser that asks first learns what a page may send`(origin: String, status: Int) async throws {
        let names = [
            "mcp-protocol-version", "mcp-session-id", "last-event-id", "x-session-id", "x-session-network",
            "authorization", "content-type", "x-harmonium-stream",
        ]
        let asked: HTTPHeaders = [
            "origin": origin, "access-control-request-method": "POST",
            "access-control-request-headers": "content-type, x-harmonium-stream, x-other",
            "access-control-request-private-network": "true",
        ]
        let isAllowed = status == 204
        try await LiveServer.run { server in
            for path in ["/python/mcp", "/v1/harmony", "/v1/sessions/a/files/b"] {
                let answer = try await server.ask(.OPTIONS, path, headers: asked)
                #expect(answer.status == status)
                #expect(answer.text.isEmpty == isAllowed)
                #expect(answer.headers["access-control-allow-origin"] == (isAllowed ? [origin] : []))
                #expect(answer.headers["access-control-allow-methods"].joined().contains("DELETE") == isAllowed)
                #expect(answer.headers["access-control-allow-private-network"] == (isAllowed ? ["true"] : []))
                let headers = answer.headers["access-control-allow-headers"].joined().split(separator: ", ")
                for name in names { #expect(headers.contains(Substring(name)) == isAllowed) }
                #expect(!headers.contains("x-other"))
            }
            // The control: what is asked outside of a page is no such question.
            #expect(try await server.ask(.OPTIONS, "/python/mcp").status == 405)
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
