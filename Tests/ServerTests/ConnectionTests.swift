import MCP
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite(.bounded) struct ConnectionTests {
    private static let get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"

    @Test func `a client that waits to send its body is asked for it`() async throws {
        try await LiveServer.run { server in
            let body = ping(id: 3)
            let answer = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send(
                    Self.post("/python/mcp", body.utf8.count, headers: "Expect: 100-continue\r\n")
                )
                let interim = try await reader.text(to: "\r\n\r\n")
                try await connection.send(body)
                return (interim, try await reader.text(to: "\r\n\r\n"))
            }
            #expect(answer.0 == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(answer.1?.hasPrefix("HTTP/1.1 400 Bad Request\r\n") == true)
        }
    }

    @Test(arguments: [
        ("/python/mcp", 2000, "", "413 "), ("/python/mcp", 10, "Content-Encoding: gzip\r\n", "415 "),
        ("/nothing", 10, "", "404 "), ("/python/mcp", 10, "Origin: https://evil.example\r\n", "403 "),
    ])
    func `a client whose body is not wanted is not asked for it`(
        path: String,
        length: Int,
        header: String,
        status: String
    ) async throws {
        try await LiveServer.run(settings: { $0.bodyBytesMax = 1000 }) { server in
            let first = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send(Self.post(path, length, headers: "Expect: 100-continue\r\n" + header))
                return try await reader.text(to: "\r\n")
            }
            #expect(first?.hasPrefix("HTTP/1.1 \(status)") == true)
        }
    }

    @Test(arguments: ["/healthz", "/readyz", "/", "/python/mcp", "/nothing"])
    func `the answer to HEAD has no body, and the next one is read right`(path: String) async throws {
        try await LiveServer.run { server in
            let (head, next) = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let head = try await reader.text(to: "\r\n\r\n")
                try await connection.send(Self.get + "Connection: close\r\n\r\n")
                return (head, try await reader.rest())
            }
            #expect(head?.lowercased().contains("content-length: ") == true)
            #expect(next.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(next.hasSuffix("\r\n\r\nok"))
        }
    }

    @Test func `HTTP/1.0 is answered in its own way, and ends with the answer`() async throws {
        try await LiveServer.run { server in
            let health = try await RawConnection.ask(server, "GET /healthz HTTP/1.0\r\n\r\n")
            #expect(health.hasPrefix("HTTP/1.0 200 OK\r\n"))
            #expect(health.hasSuffix("\r\n\r\nok"))
            let head = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send("GET /python/sse HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return (try await reader.text(to: "\r\n\r\n"), try await reader.text(to: "endpoint\r\n"))
            }
            #expect(head.0?.lowercased().contains("transfer-encoding") == false)
            #expect(head.1 == "event: endpoint\r\n")
        }
    }

    @Test func `a connection that either side wants closed is closed`() async throws {
        try await LiveServer.run { server in
            let health = try await RawConnection.ask(server, Self.get + "Connection: close\r\n\r\n")
            #expect(health.hasSuffix("ok"))
            let twoHosts = try await RawConnection.ask(server, Self.get + "Host: evil.example\r\n\r\n")
            #expect(twoHosts.hasPrefix("HTTP/1.1 400 Bad Request"))
        }
    }

    @Test func `a client that offers another protocol is answered, and knows that the connection ends`() async throws {
        try await LiveServer.run { server in
            let offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"
            let health = try await RawConnection.ask(server, Self.get + offer + "\r\n\r\n")
            #expect(health.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(health.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(health.hasSuffix("\r\n\r\nok"))
        }
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nbad trailer\r\n\r\n",
    ])
    func `a malformed body is the client's mistake`(rest: String) async throws {
        try await LiveServer.run { server in
            let head = "POST /python/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            let answer = try await RawConnection.ask(server, head + rest)
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test func `a head that does not come in time is given up, and a slow one that does is served`() async throws {
        try await LiveServer.run(settings: { $0.headTime = .milliseconds(300) }) { server in
            let late = try await RawConnection.ask(server, Self.get)
            #expect(late.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            let inTime = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send(Self.get)
                try await connection.send("Connection: close\r\n\r\n")
                return try await reader.rest()
            }
            #expect(inTime.hasSuffix("ok"))
        }
    }

    @Test func `a body that stops is given up, and one that goes on is taken`() async throws {
        try await LiveServer.run(settings: {
            $0.bodyWindow = .milliseconds(300)
            $0.bodyBytesPerWindow = 10
        }) { server in
            let stopped = try await RawConnection.ask(
                server,
                Self.post("/python/mcp", 1000, headers: "") + "{\"jsonrpc\""
            )
            #expect(stopped.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            let body = ping(id: 1)
            let whole = Self.post("/python/mcp", body.utf8.count, headers: "Connection: close\r\n") + body
            let taken = try await RawConnection.ask(server, whole)
            #expect(taken.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func `connections without a request make room for one with`() async throws {
        try await LiveServer.run(settings: { $0.socketsMax = 64 }) { server in
            try await withThrowingDiscardingTaskGroup { group in
                let opened = Events<Void>()
                for _ in 0..<100 {
                    group.addTask {
                        try? await RawConnection.run(to: server) { reader, connection in
                            try await connection.send(Self.get)
                            opened.report(())
                            _ = try await reader.rest()
                        }
                    }
                }
                for _ in 0..<100 { await opened.next() }
                let health = try? await server.get("/healthz").status
                group.cancelAll()
                #expect(health == 200)
            }
        }
    }

    @Test func `too many requests of a peer leave a reserve for health alone`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace, settings: { $0.socketsMax = 32 }) { server in
            // Of 32 two are kept for health, and of the others a peer has three quarters.
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<23 {
                    group.addTask {
                        _ = try? await RawConnection.run(to: server) { reader, connection in
                            let body = call(id: number)
                            try await connection.send(Self.stateless(body))
                            return try await reader.rest()
                        }
                    }
                }
                for _ in 0..<23 { _ = await calls.started.next() }
                let refused = try await RawConnection.ask(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(refused.hasPrefix("HTTP/1.1 503 "))
                let health = try await RawConnection.ask(server, Self.get + "Connection: close\r\n\r\n")
                #expect(health.hasPrefix("HTTP/1.1 200 "))
                group.cancelAll()
            }
        }
    }

    private static func post(_ path: String, _ length: Int, headers: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\(headers)\r\n"
    }

    private static func stateless(_ body: String) -> String {
        let name = "io.modelcontextprotocol"
        let meta = #"{"\#(name)/protocolVersion":"2026-07-28","\#(name)/clientCapabilities":{}}"#
        let body = body.replacing("{}", with: meta)
        let headers =
            "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: python\r\nx-session-id: s\r\n"
        return post("/python/mcp", body.utf8.count, headers: headers) + body
    }
}
