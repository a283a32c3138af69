import NIOCore
import Testing

@testable import WebFetch

@Suite struct ContentTests {
    private func outcome(type: String?, path: String = "/", _ body: [UInt8]) async throws -> Result<
        FetchedPage, FetchError
    > {
        let field = type.map { "Content-Type: \($0)\r\n" } ?? ""
        let head = "HTTP/1.1 200 OK\r\n\(field)Content-Length: \(body.count)\r\n\r\n"
        return try await withServer(answering(head, body)) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            do throws(FetchError) {
                return .success(try await fetcher.fetch("http://pub.example:\(server.port)\(path)"))
            } catch {
                return .failure(error)
            }
        }
    }

    @Test(
        arguments: [
            ("text/html", "/", "x", FetchedPage.Kind.html), ("application/xhtml+xml; charset=utf-8", "/", "x", .html),
            ("text/plain", "/", "x", .plain), ("text/plain", "/README.md", "x", .markdown),
            ("text/markdown", "/", "x", .markdown),
            ("text/css", "/", "x", .plain), ("application/javascript", "/", "x", .plain),
            ("application/json", "/", "{}", .json),
            ("application/ld+json", "/", "{}", .json), ("text/xml", "/", "<a/>", .plain),
            ("text/xml", "/", "<html/>", .html),
            ("application/xml", "/", "<rss><channel><title>t</title></channel></rss>", .feed),
            ("application/rss+xml", "/", "<rss><channel><title>t</title></channel></rss>", .feed),

            ("application/atom+xml", "/", "<feed><title>t</title></feed>", .feed),
            (nil, "/", "<!DOCTYPE html><p>", .html), (nil, "/", " <html>", .html), (nil, "/", "just words", .plain),
            (nil, "/a.md", "# words", .markdown), (nil, "/", "", .plain),
            ("application/octet-stream", "/", "words", .plain),
        ] as [(String?, String, String, FetchedPage.Kind)]
    )
    func `a body is what its server calls it, or what it looks like`(
        type: String?,
        path: String,
        body: String,
        kind: FetchedPage.Kind
    ) async throws {
        #expect(try await outcome(type: type, path: path, Array(body.utf8)).get().kind == kind)
    }

    @Test(
        arguments: [
            (
                "image/png", [0x89, 0x50, 0x4e],
                "this is an image of type `image/png` (3 bytes), which has no text to show"
            ),
            ("image/svg+xml", [0x3c], "this is an image of type `image/svg+xml` (1 bytes), which has no text to show"),
            ("video/mp4", [0], "this is a file of type `video/mp4` (1 bytes), which has no text to show"),
            (
                "application/zip", [0x50, 0x4b, 3, 4],
                "this is a file of type `application/zip` (4 bytes), which has no text to show"
            ),
            ("text/plain", [0x61, 0], "this is a file of type `text/plain` (2 bytes), which has no text to show"),
            (nil, [0, 1, 2], "this is a file of unknown type (3 bytes), which has no text to show"),
        ] as [(String?, [UInt8], String)]
    )
    func `what is no text is named with its type and size`(type: String?, body: [UInt8], reason: String) async throws {
        guard case .failure(let error) = try await outcome(type: type, body) else {
            Issue.record("it was shown")
            return
        }
        #expect(error.code == .contentType)
        #expect(error.reason == reason)
    }

    @Test func `zeros are text where the server says that characters have two bytes`() async throws {
        let found = try await outcome(type: "text/plain; charset=utf-16le", [0x61, 0, 0x62, 0]).get()
        #expect(found.text == "ab")
    }

    @Test func `an image is not read to its end to be named`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4000000\r\n\r\n"
        try await withServer(stalling(after: head)) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            let error = await failure { try await fetcher.fetch("http://pub.example:\(server.port)/") }
            #expect(error?.reason.contains("(4000000 bytes)") == true)
        }
    }
}
