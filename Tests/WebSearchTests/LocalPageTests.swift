import Foundation
import TestSupport
import Testing

@testable import WebSearch

@Suite(.bounded) struct LocalPageTests {
    @Test func `a page is its source as it is now`() async throws {
        let html = "<title>A</title><a href='b%20c.md'>b</a>"
        let indexed = try await IndexedFolder(["a.html": html, "b c.md": "# B", "d/index.html": "<title>D</title>d"])
        let page = try await indexed.index.page(for: "local://docs/a.html#top")
        #expect(
            page == LocalPage(url: "local://docs/a.html", title: "A", contentType: "text/html", body: Array(html.utf8))
        )
        #expect(try await indexed.index.page(for: "local://docs/b%20c.md").contentType == "text/markdown")
        #expect(try await indexed.index.search("B", count: 9).contains { $0.url == "local://docs/b%20c.md" })
        for url in ["local://docs/d/", "local://docs/d", "LOCAL://Docs/./x/../d/?q=1", "local://docs//d//"] {
            #expect(try await indexed.index.page(for: url).url == "local://docs/d/index.html")
        }
    }

    @Test(arguments: [
        "local://docs/../secret.txt", "local://docs/%2e%2e/secret.txt", "local://docs/..%2Fsecret.txt",
        "local://docs/.hidden.txt",
        "local://docs/link.txt", "local://docs/folder/secret.txt", "local://docs/a.html%00.txt",
        "local://docs/none.txt",
        "local://other/a.html", "local://docs/%FF", "local:///a.html", "local://docs", "file:///etc/passwd", "",
        "local://",
        "http://docs/a.html", "local://docs/" + String(repeating: "a/", count: 5000), "local://docs/data.bin",
        "local://docs//etc/passwd", "local://docs/%2Fetc%2Fpasswd",
    ])
    func `nothing is handed out that is not in the index`(url: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("secret.txt", "secret")
        try folder.write("outside/secret.txt", "secret")
        try folder.write("docs/a.html", "<p>a")
        try folder.write("docs/.hidden.txt", "secret")
        try folder.write("docs/data.bin", "secret")
        try folder.link("docs/link.txt", to: "../secret.txt")
        try folder.link("docs/folder", to: "../outside")
        let index = try LocalIndex(file: "\(folder.path)/index")
        #expect(try await index.add("docs", directory: "\(folder.path)/docs").addedCount == 1)
        let error = await #expect(throws: SearchError.self) { try await index.page(for: url) }
        #expect(error?.code == .noSuchPage)
        #expect(try await index.search("secret", count: 9).isEmpty)
        // The control: what is in it, is.
        #expect(try await index.page(for: "local://docs/a.html").body == Array("<p>a".utf8))
    }

    @Test func `a page that became a link is not followed`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "a", "sub/b.txt": "b"])
        try indexed.folder.write("secret.txt", "secret")
        try indexed.folder.remove("docs/a.txt")
        try indexed.folder.link("docs/a.txt", to: "../secret.txt")
        let error = await #expect(throws: SearchError.self) { try await indexed.index.page(for: "local://docs/a.txt") }
        #expect(error?.code == .unreadablePage)
        try indexed.folder.write("outside/b.txt", "secret")
        try indexed.folder.remove("docs/sub")
        try indexed.folder.link("docs/sub", to: "../outside")
        await #expect(throws: SearchError.self) { try await indexed.index.page(for: "local://docs/sub/b.txt") }
    }

    @Test func `a page that is gone is said to be gone`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "a"])
        try indexed.folder.remove("docs/a.txt")
        let error = await #expect(throws: SearchError.self) { try await indexed.index.page(for: "local://docs/a.txt") }
        #expect(error?.code == .unreadablePage)
        #expect(error?.message.hasPrefix("local://docs/a.txt cannot be opened") == true)
    }

    @Test func `a page is read in the encoding that it names`() async throws {
        let folder = try TemporaryFolder()
        let page = Array("<meta charset=koi8-r><title>".utf8) + [0xED, 0xC9, 0xD2] + Array("</title><p>.".utf8)
        try folder.write("docs/a.html", page)
        let index = try LocalIndex(file: "\(folder.path)/index")
        _ = try await index.add("docs", directory: "\(folder.path)/docs")
        #expect(try await index.search("Мир", count: 1).map(\.title) == ["Мир"])
        let body = try await index.page(for: "local://docs/a.html").body
        #expect(String(decoding: body, as: UTF8.self).contains("<title>Мир</title>"))
    }

    @Test(.enabled(if: Program.exists("pdftotext") && Program.exists("prlimit"), "run scripts/setup --tests"))
    func `a PDF is found by its text and shown as pages`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("docs/a.pdf", PDF.document(pages: ["The quick brown fox", "jumps over"]))
        try folder.write("docs/broken.pdf", "%PDF-1.4 and no more")
        try folder.write("docs/scan.pdf", PDF.document(pages: [""]))
        let index = try LocalIndex(file: "\(folder.path)/index")
        let report = try await index.add("docs", directory: "\(folder.path)/docs")
        #expect(
            Set(report.problems.map { "\($0.path) \($0.reason)" })
                == [
                    "broken.pdf cannot be read: this PDF document of 20 bytes is damaged or locked",
                    "scan.pdf cannot be read: this PDF document has 1 pages without any text, as scanned ones have",
                ]
        )
        #expect(try await index.search("jumps", count: 1).map(\.title) == ["The quick brown fox"])
        let page = try await index.page(for: "local://docs/a.pdf")
        #expect(page.contentType == "text/plain")
        #expect(
            String(decoding: page.body, as: UTF8.self).split(whereSeparator: \.isNewline)
                == ["Page 1", "The quick brown fox", "Page 2", "jumps over"]
        )
    }
}

private enum Program {
    static func exists(_ name: String) -> Bool {
        ["/usr/local/bin", "/usr/bin", "/bin"].contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}

/// The simplest documents there can be.
private enum PDF {
    static func document(pages: [String]) -> String {
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count \(pages.count) /Kids [\(pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " "))] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        for (index, text) in pages.enumerated() {
            let resources = "/Resources << /Font << /F1 3 0 R >> >> /Contents \(5 + 2 * index) 0 R"
            objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] \(resources) >>")
            let content = "BT /F1 12 Tf 20 200 Td (\(text)) Tj ET"
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        var (text, offsets) = ("%PDF-1.4\n", [Int]())
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        return text + "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    }
}
