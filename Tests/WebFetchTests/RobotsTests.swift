import NIOCore
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct RobotsTests {
    @Test(arguments: [
        ("User-agent: *\nDisallow: /private", "/private/x", false),
        ("User-agent: *\nDisallow: /private", "/public", true),
        // The longest decides, and of two as long the one that allows.
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
        ("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b", false),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
        // One's own group, and only that.
        ("User-agent: *\nDisallow: /\n\nUser-agent: Harmonium\nDisallow: /x", "/y", true),
        ("User-agent: other\nUser-agent: harmonium # me\nDisallow: /x", "/x", false),
        ("User-agent: other\nDisallow: /", "/x", true),
        (
            "User-agent: harmonium\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: harmonium\nDisallow: /c",
            "/c", false
        ),
        ("User-agent: *\nDisallow: /*.gif$", "/a/b.gif", false), ("User-agent: *\nDisallow: /*.gif$", "/a.gif?x", true),
        ("User-agent: *\nDisallow: /a*b*c", "/a-b-b-c", false), ("User-agent: *\nDisallow: *", "/", false),
        ("User-agent: *\nDisallow:", "/", true), ("Disallow: /", "/", true), ("", "/", true),
        ("\u{FEFF}nonsense\r\nUSER-AGENT:*\r\nDISALLOW:/x\r\n", "/x", false),
    ])
    func `a file says what a robot may fetch`(file: String, target: String, isAllowed: Bool) {
        #expect(RobotsRules(Array(file.utf8), for: "harmonium").allow(target) == isAllowed)
    }

    @Test func `many stars take no time`() {
        let file = "User-agent: *\nDisallow: " + String(repeating: "*a", count: 127) + "$"
        #expect(RobotsRules(Array(file.utf8), for: "harmonium").allow("/" + String(repeating: "a", count: 8000) + "b"))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /no", true), ("HTTP/1.1 404 No\r\n\r\n", true),
        ("HTTP/1.1 503 Later\r\n\r\n", false),
    ])
    func `a site is asked once, before its pages`(robots: String, isAllowed: Bool) async throws {
        let behavior: Behavior = { request, outbound in
            let isRobots = request.hasPrefix("GET /robots.txt ")
            return try await answering(isRobots ? robots : "HTTP/1.1 200 OK\r\n\r\npage")(request, outbound)
        }
        try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port], respectsRobots: true)
            let url = "http://pub.example:\(server.port)"
            for path in ["/yes", "/also"] {
                if isAllowed {
                    #expect(try await fetcher.fetch(url + path).text == "page")
                } else {
                    #expect(await failure { try await fetcher.fetch(url + path) }?.code == .robots)
                }
            }
            #expect(
                await failure { try await fetcher.fetch(url + "/no") }?.code
                    == (robots.contains("/no") || !isAllowed ? .robots : nil)
            )
            #expect(server.requests.count { $0.hasPrefix("GET /robots.txt ") } == 1)
            // The control: by default the site is not asked.
            #expect(try await WebFetcher.test(opening: [server.port]).fetch(url + "/no").text == "page")
            #expect(server.requests.count { $0.hasPrefix("GET /robots.txt ") } == 1)
        }
    }
}
