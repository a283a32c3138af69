import NIOCore
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct RefreshTests {
    @Test(
        arguments: [
            ("0; url=/x", 0, "/x"), ("0;URL=x.html", 0, "x.html"), (" 5 ; Url = 'a b' y", 5, "a b"),
            ("3, \"/q\"", 3, "/q"), ("0 /x", 0, "/x"), (".5;url=/x", 0, "/x"), ("1.9;url=/x", 1, "/x"),
            ("0;url", 0, "url"), ("0;urls", 0, "urls"), ("00010;url=?a=b;c", 10, "?a=b;c"),
            ("99999999999999999999; url=/x", 999_999_999, "/x"),
        ]
    )
    func `a refresh is read as browsers read it`(text: String, seconds: Int, reference: String) {
        #expect(Refresh(text)?.seconds == seconds)
        #expect(Refresh(text)?.reference == reference)
    }

    @Test(arguments: ["", "0", "30", "x; url=/x", "url=/x", "-1; url=/x", "0;", "0; url=", "0; url=''", "5x /y"])
    func `what names no page is no refresh`(text: String) {
        #expect(Refresh(text) == nil)
    }

    private static let meta = "<meta http-equiv='refresh' content='0; url=/end'>"

    @Test(arguments: [
        meta, "<META content=0;url=/end HTTP-EQUIV=Refresh />", "<body><p>x" + meta,
        "<meta name=a><meta http-equiv=refresh content=nonsense>" + meta,
        "<meta http-equiv=\"refresh\" content=\"0; url=&quot;/end&quot;\">",
    ])
    func `a page that goes on at once is followed`(markup: String) async throws {
        let found = try await fetch(markup)
        #expect(found.page.text == "the end")
        #expect(found.page.finalURL.hasSuffix("/end") && !found.page.requestedURL.hasSuffix("/end"))
        #expect(found.requests == 2)
    }

    @Test(arguments: [
        "<!-- \(meta) -->", "<script>'\(meta)'</script>", "<noscript>\(meta)</noscript>", "<title>\(meta)</title>",
        "<template>\(meta)</template>", "<meta http-equiv=refresh content=30>",
        "<meta http-equiv=refresh content='0; url=/start'>", "<meta http-equiv=refresh content='0; url=#part'>",
        "<p data-x='\(meta.replacing("'", with: ""))'>",
    ])
    func `what no browser follows is a page`(markup: String) async throws {
        let found = try await fetch(markup)
        #expect(found.page.text == markup && found.page.onward == nil)
        #expect(found.requests == 1)
    }

    @Test func `a field of the answer says it too`() async throws {
        #expect(try await fetch("x", field: "Refresh: 0; url=/end\r\n").page.text == "the end")
        let later = try await fetch("x", field: "Refresh: 7; url=/end?a&b\r\n").page
        #expect(later.text == "x")
        #expect(later.onward?.url.hasSuffix("/end?a&b") == true)
        #expect(later.onward?.seconds == 7 && later.onward?.failure == nil)
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://10.0.0.1/", "file:///etc/passwd", "http://[::1]/", "//metadata.internal/",
    ])
    func `where it leads is vetted, and the page is there all the same`(target: String) async throws {
        let markup = "<p>Here<meta http-equiv=refresh content='0; url=\(target)'>"
        let found = try await fetch(markup)
        #expect(found.page.text == markup)
        #expect(found.requests == 1)
        // Of what is no URL of the web, there is nothing to say.
        #expect(target.hasPrefix("file") || found.page.onward?.failure != nil)
    }

    @Test func `pages that go on in a circle end`() async throws {
        let behavior: Behavior = { request, outbound in
            let other = request.hasPrefix("GET /a ") ? "/b" : "/a"
            let body =
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<meta http-equiv=refresh content='0;url=\(other)'>"
            try await outbound.write(ByteBuffer(string: body))
            return .closed
        }
        try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let page = try await fetcher.fetch("http://pub.example:\(server.port)/a")
            #expect(page.onward?.failure == "the page redirects more than 8 times")
            #expect(server.connectionCount == 9)
        }
    }

    @Test func `a page that leads nowhere says so itself`() async throws {
        let found = try await fetch("<meta http-equiv=refresh content='0; url=/gone'>")
        #expect(found.page.onward?.failure == "the server answered 404 Not Found")
    }

    /// What `/start` leads to, which is `markup`; `/end` is a page too.
    private func fetch(_ markup: String, field: String = "") async throws -> (page: FetchedPage, requests: Int) {
        let behavior: Behavior = { request, outbound in
            let isStart = request.hasPrefix("GET /start ")
            let isGone = request.hasPrefix("GET /gone ")
            let head = "HTTP/1.1 \(isGone ? 404 : 200) X\r\nContent-Type: text/html\r\n\(isStart ? field : "")\r\n"
            try await outbound.write(ByteBuffer(string: head + (isStart ? markup : isGone ? "" : "the end")))
            return .closed
        }
        return try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let page = try await fetcher.fetch("http://pub.example:\(server.port)/start")
            return (page, server.connectionCount)
        }
    }
}
