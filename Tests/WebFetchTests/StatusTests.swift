import NIOCore
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct StatusTests {
    private func failure(
        _ head: String,
        _ body: String = "",
        behavior: ((String) -> Behavior)? = nil,
        limits: FetchLimits = .test
    ) async throws -> FetchError {
        let text = "HTTP/1.1 \(head)\r\n\r\n\(body)"
        return try await withServer(behavior?(text) ?? answering(text)) { server in
            let fetcher = try WebFetcher.test(opening: [server.port], limits: limits)
            let error = await WebFetchTests.failure { try await fetcher.fetch("http://pub.example:\(server.port)/") }
            return try #require(error)
        }
    }

    @Test func `what the server says instead of the page comes with the error`() async throws {
        let error = try await failure("404 Not Found\r\nContent-Type: text/html", "<p>Moved to <a href=/new>here</a>")
        #expect(error.code == .status)
        #expect(error.reason == "the server answered 404 Not Found")
        #expect(error.page?.text == "<p>Moved to <a href=/new>here</a>")
        #expect(error.page?.kind == .html && error.page?.status == 404)
    }

    @Test(arguments: ["image/png", "application/zip", "application/pdf"])
    func `what is no text is not said`(type: String) async throws {
        let error = try await failure("500 Odd\r\nContent-Type: \(type)", "PK\u{3}\u{4}")
        #expect(error.reason == "the server answered 500 Internal Server Error" && error.page == nil)
    }

    @Test func `an error's page has a bound in bytes and in time`() async throws {
        var limits = FetchLimits.test
        limits.errorBodyTime = .milliseconds(50)
        let long = String(repeating: "word ", count: 100_000)
        #expect(try await failure("403 Forbidden", long).page?.byteCount == 64 << 10)
        let slow = try await failure("403 Forbidden", "part", behavior: { stalling(after: $0) }, limits: limits)
        #expect(slow.page?.text == "part" && slow.page?.isTruncated == true)
        let silent = try await failure("403 Forbidden", "", behavior: { stalling(after: $0) }, limits: limits)
        #expect(silent.reason == "the server answered 403 Forbidden")
        let broken = try await failure("403 Forbidden\r\nContent-Length: 50", "part")
        #expect(broken.page?.text == "part")
    }

    @Test(
        arguments: [
            ("403 Forbidden\r\nCF-Mitigated: challenge", "<title>Just a moment...</title>", "Cloudflare"),
            ("503 Busy", "<script>window._cf_chl_opt={}</script>", "Cloudflare"),
            ("202 Accepted\r\nx-amzn-waf-action: challenge", "<script>", "AWS WAF"),
            ("200 OK", "<script id=\"anubis_challenge\" type=\"application/json\">", "Anubis"),
            ("403 Forbidden", "<script src=https://ct.captcha-delivery.com/c.js>", "DataDome"),
            ("429 Slow", "<div class=g-recaptcha>", "a CAPTCHA"),
        ]
    )
    func `a challenge is named`(head: String, body: String, name: String) async throws {
        let error = try await failure(head + "\r\nContent-Type: text/html", body)
        #expect(error.code == .challenge)
        #expect(error.reason.contains("with a challenge by \(name), which only a person"))
        #expect(error.page == nil)
    }

    @Test(arguments: [
        "<form><div class=g-recaptcha></div></form>", "<p>The attribute id=&quot;anubis_challenge&quot; says so.",
        "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script><p>words",
    ])
    func `a page that only looks like a challenge is a page`(body: String) async throws {
        try await withServer(page(body, "Content-Type: text/html", "Server: cloudflare")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            #expect(try await fetcher.fetch("http://pub.example:\(server.port)/").text == body)
        }
    }

    @Test func `a page that stalls is shown as far as it came in time, if that is worth anything`() async throws {
        var limits = FetchLimits.test
        limits.bodyTime = .milliseconds(50)
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
        let words = String(repeating: "word ", count: 60)
        try await withServer(stalling(after: head + words)) { server in
            let found = try await WebFetcher.test(opening: [server.port], limits: limits)
                .fetch("http://pub.example:\(server.port)/")
            #expect(found.text == words && found.isTruncated)
        }
        limits.totalTime = .milliseconds(300)
        try await withServer(stalling(after: head + "word")) { server in
            let fetcher = try WebFetcher.test(opening: [server.port], limits: limits)
            let error = await WebFetchTests.failure { try await fetcher.fetch("http://pub.example:\(server.port)/") }
            #expect(error?.code == .timeout)
        }
    }
}
