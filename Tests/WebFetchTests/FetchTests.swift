import NIOCore
import NetworkAccess
import Synchronization
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct FetchTests {
    @Test func `a page comes with all that is known about it`() async throws {
        try await withServer(page("<h1>é</h1>", "Content-Type: Text/HTML; Charset=utf-8")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let url = "http://pub.example:\(server.port)/a%20b?c=d#e"
            let found = try await fetcher.fetch("view-source:\(url)")
            #expect(
                found
                    == FetchedPage(
                        requestedURL: url,
                        finalURL: url,
                        status: 200,
                        contentType: "text/html",
                        kind: .html,
                        text: "<h1>é</h1>",
                        isTruncated: false,
                        byteCount: 11
                    )
            )
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("GET /a%20b?c=d HTTP/1.1\r\nHost: pub.example:\(server.port)\r\n"))
            #expect(request.contains("\r\nUser-Agent: HarmoniumTest/1\r\n"))
            #expect(request.contains("\r\nAccept-Encoding: gzip, deflate\r\n"))
            #expect(!request.lowercased().contains("cookie") && !request.lowercased().contains("authorization"))
        }
    }

    @Test func `a file comes as it is, and only whole, of a bounded size and from where pages may be opened`()
        async throws
    {
        let bytes: [UInt8] = [0, 0xFF, 10]
        let answers: [(String, [UInt8], FetchError.Code?)] = [
            ("200 OK\r\nContent-Type: application/x-thing", bytes, nil), ("404 Not Found", bytes, .status),
            ("200 OK", [0] + bytes, .size), ("200 OK\r\nContent-Length: 4", bytes, .size),
            ("302 Found\r\nLocation: http://10.0.0.1/", [], .address),
        ]
        for (head, body, code) in answers {
            try await withServer(answering("HTTP/1.1 \(head)\r\n\r\n", body)) { server in
                let fetcher = try WebFetcher.test(opening: [server.port])
                let url = "http://pub.example:\(server.port)/"
                let error = await failure {
                    let file = try await fetcher.file(url, bytesMax: 3)
                    #expect(file == bytes)
                }
                #expect(error?.code == code, "\(head): \(String(describing: error))")
            }
        }
    }

    @Test func `an answer ends where it says, and not with the connection`() async throws {
        let answers = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ]
        for answer in answers {
            try await withServer(stalling(after: answer)) { server in
                let fetcher = try WebFetcher.test(opening: [server.port])
                #expect(try await fetcher.fetch("http://pub.example:\(server.port)/").text == "hello")
            }
        }
    }

    @Test func `the machine's own resolver is asked, and its answers are vetted`() async throws {
        try await withServer(page("home")) { server in
            let url = "http://localhost:\(server.port)/"
            let name = "localhost:\(server.port)"
            let addresses = ["127.0.0.1:\(server.port)", "[::1]:\(server.port)"]
            for (patterns, code) in [([], FetchError.Code.host), ([name], .address), (addresses, .host)] {
                let fetcher = try WebFetcher(
                    allowing: try AllowList(allowing: patterns),
                    userAgent: "HarmoniumTest/1"
                )
                #expect(await failure { try await fetcher.fetch(url) }?.code == code)
            }
            #expect(server.connectionCount == 0)
            let opened = try AllowList(allowing: [name] + addresses)
            #expect(try await WebFetcher(allowing: opened, userAgent: "HarmoniumTest/1").fetch(url).text == "home")
        }
    }

    @Test func `TLS is spoken to the name, whose certificate is verified`() async throws {
        try await withServer(tls: .server(), page("safe")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            #expect(try await fetcher.fetch("https://pub.example:\(server.port)/").text == "safe")
            // The same certificate does not speak for another name, nor for the address.
            for host in ["other.example", "127.0.0.1"] {
                let error = await failure { try await fetcher.fetch("https://\(host):\(server.port)/") }
                #expect(error?.code == .tls)
            }
            #expect(server.requests.filter { !$0.isEmpty }.count == 1)
        }
    }

    @Test func `a redirection is vetted again, and its name looked up again`() async throws {
        let answers = Mutex(["127.0.0.1", "10.0.0.1"])
        let calls = Calls()
        try await withServer(answering("HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port]) { _ in
                _ = calls.next()
                return answers.withLock { [.literal($0.removeFirst())] }
            }
            let error = await failure { try await fetcher.fetch("http://rebind.example:\(server.port)/") }
            #expect(error?.code == .address)
            #expect(calls.count == 2)
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `one hop looks a name up once, whatever a second answer would be`() async throws {
        let answers = Mutex(["127.0.0.1", "10.0.0.1"])
        try await withServer(page("first")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port]) { _ in
                answers.withLock { [.literal($0.removeFirst())] }
            }
            #expect(try await fetcher.fetch("http://rebind.example:\(server.port)/").text == "first")
            #expect(answers.withLock(\.count) == 1)
        }
    }

    @Test func `an address that does not answer is followed by the next`() async throws {
        try await withServer(page("second")) { server in
            // Nothing listens on the other loopback address.
            let fetcher = try WebFetcher.test(opening: [server.port], also: ["127.0.0.2:\(server.port)"]) { _ in
                [.literal("127.0.0.2"), .literal("127.0.0.1")]
            }
            #expect(try await fetcher.fetch("http://pub.example:\(server.port)/").text == "second")
        }
    }

    @Test(.enabled(if: LoopbackServer.hasVersion6, "this machine has no loopback of version 6"))
    func `version 6 is spoken as well`() async throws {
        try await withServer(at: "::1", page("six")) { server in
            let fetcher = try WebFetcher.test(also: ["[::1]:\(server.port)"]) { _ in [.literal("::1")] }
            for host in ["pub.example", "[::1]", "[0:0::0:1]"] {
                #expect(try await fetcher.fetch("http://\(host):\(server.port)/").text == "six")
            }
        }
    }

    @Test(arguments: [(8, true), (9, false)])
    func `so many redirections are followed and no more`(count: Int, isFollowed: Bool) async throws {
        let calls = Calls()
        let behavior: Behavior = { _, outbound in
            let made = calls.next()
            let head = "HTTP/1.1 301 Moved Permanently\r\nLocation: /\(made)\r\n\r\n"
            try await outbound.write(ByteBuffer(string: made < count ? head : "HTTP/1.1 200 OK\r\n\r\nend"))
            return .closed
        }
        try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let url = "http://pub.example:\(server.port)/"
            if isFollowed {
                #expect(try await fetcher.fetch(url).finalURL == "\(url)\(count - 1)")
            } else {
                #expect(await failure { try await fetcher.fetch(url) }?.code == .redirects)
            }
            #expect(server.connectionCount == 9)
        }
    }

    @Test(arguments: [
        ("404 Not Found", "", "the server answered 404 Not Found"),
        (
            "429 Slow Down", "Retry-After: 120\r\n",
            "the server answered 429 Too Many Requests; it asks to wait (`Retry-After: 120`) before the next try"
        ),
        ("599 Odd", "", "the server answered 599"),
        ("401 Unauthorized", "WWW-Authenticate: Basic\r\n", "the server answered 401 Unauthorized"),
    ])
    func `a status is said in a sentence, and nothing is tried again`(
        status: String,
        fields: String,
        reason: String
    ) async throws {
        try await withServer(answering("HTTP/1.1 \(status)\r\n\(fields)Content-Length: 1\r\n\r\n", [0x21])) { server in
            let url = "http://pub.example:\(server.port)/"
            let error = await failure { try await WebFetcher.test(opening: [server.port]).fetch(url) }
            #expect(error?.description.hasPrefix("Error fetching URL `\(url)`: \(reason)") == true)
            #expect(error?.code == .status)
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `a page that may be shown again is not fetched again, by either URL`() async throws {
        let behavior: Behavior = { request, outbound in
            let isStart = request.hasPrefix("GET /start ")
            let head =
                isStart
                ? "HTTP/1.1 302 Found\r\nLocation: /end\r\n" : "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
            try await outbound.write(ByteBuffer(string: head + "\r\n" + (isStart ? "" : "kept")))
            return .closed
        }
        try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let origin = "http://pub.example:\(server.port)"
            #expect(try await fetcher.fetch("\(origin)/start").finalURL == "\(origin)/end")
            #expect(try await fetcher.fetch("\(origin)/start#x").requestedURL == "\(origin)/start#x")
            let kept = try await fetcher.fetch("\(origin)/end")
            #expect(kept.text == "kept")
            #expect(try await kept.keptAs == fetcher.fetch("\(origin)/start").keptAs)
            #expect(server.connectionCount == 2)
            #expect(try await fetcher.fetch("\(origin)/end", reloads: true).keptAs != kept.keptAs)
            #expect(server.connectionCount == 3)
        }
    }

    @Test func `a page that must not be kept is fetched again`() async throws {
        try await withServer(page("fresh", "Cache-Control: private, max-age=60", "Set-Cookie: sid=1")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            for _ in 0..<2 { _ = try await fetcher.fetch("http://pub.example:\(server.port)/") }
            #expect(server.connectionCount == 2)
            #expect(!server.requests.contains { $0.contains("sid") })
        }
    }

    @Test func `a caller that gives up gets that as the error, and the connection ends`() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let behavior: Behavior = { _, _ in
            arrival.finish()
            return .stalled
        }
        try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let task = Task { await failure { try await fetcher.fetch("http://pub.example:\(server.port)/") } }
            for await _ in arrivals {}
            task.cancel()
            #expect(await task.value?.code == .cancelled)
        }
    }
}
