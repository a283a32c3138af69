import Browsing
import Foundation
import HTMLText
import Reporting
import Tokenizer

/// Measures how pages become text, and what a model does with one of a megabyte.
///
/// Standard output is one JSON object a line.
@main
struct BrowserBench {
    private static let usage = "usage: BrowserBench PAGES VOCABULARY-TEXT RUNS"

    static func main() async {
        do {
            try await measure(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("BrowserBench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func measure(_ arguments: [String]) async throws {
        guard arguments.count == 3, let runs = Int(arguments[2]), runs > 0 else { throw BenchError(usage) }
        let pages = try Corpus.pages(in: arguments[0])
        let encoding = Encoding(try vocabulary(from: arguments[1]))
        try measureRendering(pages, runs)
        guard let large = pages.values.max(by: { $0.count < $1.count }) else {
            throw BenchError("\(arguments[0]) has no pages")
        }
        try await measureBrowsing(large, encoding, runs: runs)
    }

    private static func measureRendering(_ pages: [String: [UInt8]], _ runs: Int) throws {
        let bytes = pages.values.reduce(0) { $0 + $1.count }
        let times = try (0..<runs).map { _ in
            try milliseconds {
                for page in pages.values { _ = try RenderedPage(source: page, url: "https://bench.example/") }
            }
        }
        Report.line("pages to text", times)
        Report.line("pages to text, speed", times.map { Double(bytes) / $0 / 1000 }, unit: "MB/s")
        let links = Corpus.links
        Report.line(
            "16 000 links in one parent",
            try (0..<runs).map { _ in
                try milliseconds {
                    let page = try RenderedPage(source: links, url: "https://bench.example/")
                    precondition(page.links.count == 16_000, "\(page.links.count) links")
                }
            }
        )
    }

    private static func measureBrowsing(_ page: [UInt8], _ encoding: Encoding, runs: Int) async throws {
        var browser = Browser(source: OnePage(body: page), encoding: encoding)
        var open = Browser.OpenRequest()
        open.id = .text("https://bench.example/")
        try await report("open 1 MB", runs) { await browser.open(open) }
        var scroll = Browser.OpenRequest()
        scroll.line = 5000
        try await report("scroll in 1 MB", runs) { await browser.open(scroll) }
        let cursor = BrowsingArgument.integer(browser.pageURLs.count - 1)
        try await report("find in 1 MB", runs) { await browser.find("zzz is nowhere", cursor: cursor) }
    }

    private static func report(
        _ what: String,
        _ runs: Int,
        call: () async throws -> BrowsingResult
    ) async throws {
        var times: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            let result = try await call()
            times.append((ContinuousClock.now - start) / .milliseconds(1))
            guard !result.isError else { throw BenchError("\(what): \(result.text)") }
        }
        Report.line(what, times)
    }

    private static func vocabulary(from text: String) throws -> Vocabulary {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vocabulary")
            .path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = try Array(Data(contentsOf: URL(filePath: text)))
        try Vocabulary.install(text: text.span, at: path)
        return try Vocabulary(path)
    }
}

/// What is rendered, the same for everybody who is measured.
private enum Corpus {
    /// The pages of a folder by name; those that the reference refuses, for their XML declaration, are left out.
    static func pages(in folder: String) throws -> [String: [UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".html") }
        var pages: [String: [UInt8]] = [:]
        for name in names {
            let page = try Array(Data(contentsOf: URL(filePath: folder).appending(path: name)))
            if !page.starts(with: "<?xml".utf8), page.count > 1000 { pages[name] = page }
        }
        guard !pages.isEmpty else { throw BenchError("\(folder) has no pages") }
        return pages
    }

    static let links = Array(
        ("<html><body><div>" + (0..<16_000).map { "<a href='/page/\($0)'>link number \($0)</a> some text\n" }.joined()
            + "</div></body></html>").utf8
    )
}

/// A source with one page.
private struct OnePage: PageSource {
    let body: [UInt8]

    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] { [] }

    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent { PageContent(body: body) }
}

/// Why nothing could be measured.
private struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
