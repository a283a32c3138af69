import MCP
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite(.bounded) struct BodyTests {
    @Test func `large bodies have a budget together, and small ones are always taken`() async throws {
        try await LiveServer.run(settings: { $0.bodiesBytesMax = 500_000 }) { server in
            try await withThrowingDiscardingTaskGroup { group in
                let refused = Events<Void>()
                for _ in 0..<5 {
                    group.addTask {
                        try? await RawConnection.run(to: server) { reader, connection in
                            let head = "POST /python/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n"
                            try await connection.send(head + String(repeating: " ", count: 200_000))
                            // The rest of it never comes: an answer is a refusal.
                            let status = try await reader.text(to: "\r\n")
                            #expect(status == "HTTP/1.1 503 Service Unavailable\r\n")
                            refused.report(())
                            try await connection.send(String(repeating: " ", count: 100_000))
                        }
                    }
                }
                // Two fit, with what is free of them.
                for _ in 0..<3 { await refused.next() }
                let small = try await server.post("/python/mcp", ping(id: 1))
                #expect(small.status == 400)
                group.cancelAll()
            }
            let whole = String(repeating: " ", count: 200_000) + ping(id: 1)
            let answer = try await server.post("/python/mcp", whole)
            #expect(answer.text.contains("Mcp-Session-Id is missing"))
        }
    }

    @Test(arguments: ["gzip", "deflate, br", "GZIP"])
    func `an encoded body is refused as such`(encoding: String) async throws {
        try await LiveServer.run { server in
            let answer = try await server.post("/python/mcp", "x", headers: ["content-encoding": encoding])
            #expect(answer.status == 415)
            #expect(answer.headers["accept-encoding"] == ["identity"])
            let plain = try await server.post("/python/mcp", ping(id: 1), headers: ["content-encoding": "identity"])
            #expect(plain.status == 400)
        }
    }

    @Test func `health is answered while large bodies are parsed, not after them`() async throws {
        try await LiveServer.run { server in
            let body = "[" + String(repeating: #"{"":[0,"\\u0041"]},"#, count: 60_000) + "0]"
            try await withThrowingDiscardingTaskGroup { group in
                let answered = Events<Void>()
                for _ in 0..<12 {
                    group.addTask {
                        let answer = try await server.post("/python/mcp", body)
                        #expect(answer.status == 400)
                        #expect(answer.text.contains("100000 values"))
                        answered.report(())
                    }
                }
                // Some are under way by then, on threads of their own, few at a time.
                await answered.next()
                let health = try await server.get("/healthz")
                #expect(health.status == 200)
                #expect(answered.number < 12)
            }
        }
    }
}
