import NIOCore
import TestSupport
import Testing

@testable import Egress

@Suite(.bounded) struct ForwardTests {
    @Test func `a request reaches the host in its own words, and the answer comes back`() async throws {
        let records = try await exchange(
            request: "GET http://pub.example:P/a?b HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\nA: b\r\n\r\n",
            host: mirror(
                "HTTP/1.1 200 OK\r\nContent-Length: N\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n"
            )
        ) { answer, port in
            let sent = "GET /a?b HTTP/1.1\r\nHost: pub.example:\(port)\r\nA: b\r\nConnection: close\r\n\r\n"
            #expect(
                answer == "HTTP/1.1 200 OK\r\nContent-Length: \(sent.utf8.count)\r\nConnection: close\r\n\r\n" + sent
            )
        }
        #expect(records.map(\.reason) == [.completed])
    }

    @Test(arguments: [
        ("Content-Length: 5\r\n\r\nhello", ""),
        ("Content-Length: 5\r\n\r\nhello", "GET http://10.0.0.1/ HTTP/1.1\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", ""),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"),
    ])
    func `a body goes along, and nothing that follows it`(rest: String, junk: String) async throws {
        _ = try await exchange(
            request: "POST http://pub.example:P/ HTTP/1.1\r\n\(rest)\(junk)",
            host: { inbound, outbound in
                var reader = ByteReader(inbound)
                let head = try #require(await reader.head(bytesMax: 1 << 16))
                let fields = String(decoding: head, as: UTF8.self)
                let wanted = fields.contains("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : "hello"
                var body = ""
                while body.utf8.count < wanted.utf8.count, let more = try await reader.next() {
                    body += String(buffer: more)
                }
                #expect(body == wanted)
                try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
                try await outbound.write(ByteBuffer(string: "2\r\nok\r\n0\r\n\r\n and more"))
                outbound.finish()
            }
        ) { answer, _ in
            #expect(answer.hasSuffix("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n"))
        }
    }

    @Test(arguments: [
        ("GET", "HTTP/1.1 200 OK\r\n\r\nuntil the end", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end"),
        (
            "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
        ),
        (
            "GET", "HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n",
            "HTTP/1.1 304 Same\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
        ),
        (
            "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\nConnection: close\r\n\r\n"
        ),
        (
            "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nabcd",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"
        ),
    ])
    func `an answer ends where it says`(method: String, response: String, expected: String) async throws {
        _ = try await exchange(
            request: "\(method) http://pub.example:P/ HTTP/1.1\r\n\r\n",
            host: answering(response)
        ) { answer, _ in
            #expect(answer == expected)
        }
    }

    @Test(arguments: [
        "hello\r\n\r\n", "SSH-2.0-OpenSSH\r\n\r\n", "", "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
        "HTTP/1.1 101 Switch\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 70_000) + "\r\n\r\n",
    ])
    func `an answer that is not HTTP is not passed on`(response: String) async throws {
        let records = try await exchange(
            request: "GET http://pub.example:P/ HTTP/1.1\r\n\r\n",
            host: answering(response)
        ) { answer, port in
            #expect(answer.hasPrefix("HTTP/1.1 502 pub.example:\(port) did not answer in HTTP"))
        }
        #expect(records.map(\.reason) == [.malformed])
    }

    @Test func `a body that breaks off does not look whole`() async throws {
        let records = try await exchange(
            request: "GET http://pub.example:P/ HTTP/1.1\r\n\r\n",
            host: answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        ) { answer, _ in
            #expect(!answer.hasSuffix("half\n"))
        }
        #expect(records.map(\.reason) == [.interrupted])
    }

    @Test func `a body too large is refused before the host hears of it`() async throws {
        var limits = EgressLimits()
        limits.connectionBytesMax = 1000
        let request = "POST http://pub.example:P/ HTTP/1.1\r\nContent-Length: 1001\r\n\r\n"
        let records = try await exchange(limits: limits, request: request, host: echo) { answer, _ in
            #expect(answer.hasPrefix("HTTP/1.1 413 More than 1000 bytes"))
        }
        #expect(records.map(\.verdict) == [.refused])
        let down = try await exchange(
            limits: limits,
            request: "GET http://pub.example:P/ HTTP/1.1\r\n\r\n",
            host: answering("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
        ) { answer, _ in
            #expect(answer.hasPrefix("HTTP/1.1 413 More than 1000 bytes"))
        }
        #expect(down.map(\.reason) == [.connectionBytes])
    }

    @Test(arguments: ["GET http://pub.exa", "GET http://pub.example/ HTTP/1.1\r\nA: b\r\n", ""])
    func `a slow head is answered and closed`(part: String) async throws {
        var limits = EgressLimits()
        limits.headTime = .milliseconds(100)
        let records = try await exchange(limits: limits, request: part, host: echo) { answer, _ in
            #expect(answer.hasPrefix("HTTP/1.1 408 The request's head took too long"))
        }
        #expect(records.map(\.reason) == [.headTime])
    }

    @Test func `a large head is refused`() async throws {
        let request = "GET http://pub.example:P/ HTTP/1.1\r\nA: " + String(repeating: "a", count: 40_000)
        _ = try await exchange(request: request, host: echo) { answer, _ in
            #expect(answer.hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test func `a silent host and a slow look-up end in time`() async throws {
        var limits = EgressLimits()
        limits.idleTime = .milliseconds(100)
        limits.connectTime = .milliseconds(100)
        let request = "GET http://pub.example:P/ HTTP/1.1\r\n\r\n"
        let idle = try await exchange(limits: limits, request: request) { inbound, _ in
            _ = await rest(of: inbound)
        } check: { answer, _ in
            #expect(answer.isEmpty)
        }
        #expect(idle.map(\.reason) == [.idleTime])
        limits.idleTime = .seconds(60)
        limits.lifetime = .milliseconds(100)
        let lived = try await exchange(limits: limits, request: request) { inbound, _ in
            _ = await rest(of: inbound)
        } check: { answer, _ in
            #expect(answer.isEmpty)
        }
        #expect(lived.map(\.reason) == [.lifetime])
    }

    @Test func `a look-up that hangs and a port that is closed have different errors`() async throws {
        var limits = EgressLimits()
        limits.connectTime = .milliseconds(100)
        let slow = proxy(allowing: ["pub.example"], limits: limits) { _ in
            for await _ in AsyncStream<Int>.makeStream().stream {}
            throw CancellationError()
        }
        let request = "GET http://pub.example/ HTTP/1.1\r\n\r\n"
        let slowRecords = try await withProxy(slow) { port in
            let answer = try await answer(from: port, to: request)
            #expect(answer.hasPrefix("HTTP/1.1 504 pub.example:80 did not answer in time"))
        }
        #expect(slowRecords.map(\.reason) == [.connectTime])
        // A port that was free a moment ago.
        let closed = try await withHost(echo) { $0 }
        let records = try await withProxy(proxy(allowing: ["127.0.0.1:\(closed)"])) { port in
            let answer = try await answer(from: port, to: "CONNECT 127.0.0.1:\(closed) HTTP/1.1\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 502 127.0.0.1:\(closed) does not accept connections"))
        }
        #expect(records.map(\.reason) == [.unreachable])
        #expect(records.map(\.verdict) == [.failed])
    }

    /// Asks through a proxy; the host's port stands for `P`.
    private func exchange(
        limits: EgressLimits = EgressLimits(),
        request: String,
        host: @escaping @Sendable (Inbound, Outbound) async throws -> Void,
        check: (String, Int) -> Void
    ) async throws -> [EgressRecord] {
        try await withHost(host) { hostPort in
            let patterns = ["pub.example:\(hostPort)", "127.0.0.0/8:\(hostPort)"]
            return try await withProxy(proxy(allowing: patterns, limits: limits)) { port in
                let text = request.replacing(":P/", with: ":\(hostPort)/")
                check(try await answer(from: port, to: text), hostPort)
            }
        }
    }

    /// Answers with the head it got; `N` is its length.
    private func mirror(_ response: String) -> @Sendable (Inbound, Outbound) async throws -> Void {
        { inbound, outbound in
            var reader = ByteReader(inbound)
            let head = try #require(await reader.head(bytesMax: 1 << 16))
            let start = response.replacing("N\r\n", with: "\(head.count)\r\n")
            try await outbound.write(ByteBuffer(bytes: Array(start.utf8) + head))
            // It would keep the connection, and shall not have to close it.
            while try await reader.next() != nil {}
        }
    }
}
