import NIOCore
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct ContentTests {
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
            ("application/octet-stream", "/", "words", .plain), ("application/csv", "/", "a,b\n1,2\n", .plain),
            ("application/x-bibtex", "/", "@article{x}", .plain), ("application/x-latex", "/", "\\x{y}", .plain),
            ("application/x-perl", "/", "print 1;", .plain), ("application/x-shellscript", "/", "#!/bin/sh", .plain),
            ("application/vnd.odd; x=y", "/", "words", .plain), ("application/vnd.odd", "/a.md", "# x", .markdown),
            ("image/svg+xml", "/", "<svg><text>label</text></svg>", .plain), (nil, "/", "<svg>", .plain),
            ("html", "/", "<!doctype html><p>x", .html), ("application/x-httpd-php5", "/", "<HTML\n>", .html),
            (nil, "/", "<div><p>x", .html), (nil, "/", "\n <p\tclass=x>", .html), (nil, "/", "<!-- x -->", .html),
            (nil, "/", "<party> & <bold>", .plain), ("text/plain", "/", "<p>x", .plain),
            (nil, "/", "\u{feff}<!DOCTYPE html>", .html), ("binary/octet-stream", "/", "\u{feff} <html>", .html),
            (nil, "/", "<rss><channel>", .feed), (nil, "/", "<?xml version='1.0'?><feed>", .feed),
            ("text/html", "/", "<p>before\u{1}\u{b}after, and many more words", .html),
            ("text/html", "/", "a nul \0 in a page of some more words", .html),
            ("text/plain", "/", "colors \u{1b}[1m and \u{2}, and many more words", .plain),
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
            ("video/mp4", [0], "this is a file of type `video/mp4` (1 bytes), which has no text to show"),
            (
                "application/zip", [0x50, 0x4b, 3, 4],
                "this is a file of type `application/zip` (4 bytes), which has no text to show"
            ),
            ("text/plain", [0x61, 0], "this is a file of type `text/plain` (2 bytes), which has no text to show"),
            (
                "text/html", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3],
                "this is a file of type `text/html` (10 bytes), which has no text to show"
            ),
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

    @Test func `what begins with the mark of UTF-16 is recognized by what follows`() async throws {
        let units = "<!doctype html><p>é".utf16
        let html: [UInt8] = [0xfe, 0xff] + units.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 0xff)] }
        let found = try await outcome(type: nil, html).get()
        #expect(found.kind == .html)
        #expect(found.text == "<!doctype html><p>é")
    }

    @Test(
        arguments: [
            ("%PDF-1.4\nx", true), ("\r\n%PDF-1.4\nx", true), ("\u{feff} %PDF-2.0\nx", true),
            ("<b>Warning</b>: x\n%PDF-1.4\nx\n%%EOF\n", true), ("%PDF-documents are files", false),
            ("A file begins with %PDF-1.4.", false),
        ] as [(String, Bool)]
    )
    func `a PDF document is recognized by its bytes`(body: String, isPDF: Bool) {
        for type in ["text/html", "text/plain", "application/force-download", "application/octet-stream", nil] {
            #expect((ContentType(type).kind(of: Array(body.utf8), path: "/") == .pdf) == isPDF, "\(type ?? "")")
        }
        #expect(ContentType("application/pdf").kind(of: Array(body.utf8), path: "/") == .pdf)
        #expect(ContentType("image/png").kind(of: Array(body.utf8), path: "/") == nil)
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
