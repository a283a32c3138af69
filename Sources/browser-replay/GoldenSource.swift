import Browsing
import Foundation
import JSON

/// Answers as the recorded search service did, in the words of the reference.
struct GoldenSource: PageSource {
    let backend: GoldenScenario.Backend
    let folder: URL

    private var isExa: Bool { backend.kind == "exa" }

    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] {
        guard let answer = backend.searches[query] else { return [] }
        if let failure = failure(answer["error"], body: answer["body"]?.string) { throw failure }
        if isExa {
            return try (answer.array ?? []).map { value throws(PageSourceFailure) in
                try result(value, summary: "summary")
            }
        }
        let results = answer["results"]
        let web = try (results?["web"]?.array ?? []).map { value throws(PageSourceFailure) in
            try result(value, summary: "snippets")
        }
        let news = try (results?["news"]?.array ?? []).map { value throws(PageSourceFailure) in
            try result(value, summary: "description")
        }
        return web + news
    }

    /// A key that is not there is what Python says of it: its name in quotes.
    private func result(_ value: JSONValue, summary: String) throws(PageSourceFailure) -> SearchResult {
        for key in ["title", "url", summary] where value[key] == nil { throw PageSourceFailure("'\(key)'") }
        return SearchResult(
            url: value["url"]?.pythonText ?? "",
            title: value["title"]?.pythonText,
            summary: value[summary]?.pythonText
        )
    }

    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        guard let page = backend.pages[url] else { throw PageSourceFailure("No contents returned for \(url)") }
        if let failure = failure(page.error, body: page.body) { throw failure }
        guard let file = page.file else { throw PageSourceFailure("No contents returned for \(url)") }
        do {
            var body = try SystemTool.contents(of: folder.appending(path: file))
            if let encoding = page.encoding, encoding != "utf-8" {
                body = try SystemTool("iconv", "-f", encoding, "-t", "utf-8").output(for: body)
            }
            if page.transform != nil { body = Self.withoutEncoding(body) }
            return PageContent(body: Array(body), title: page.title)
        } catch {
            throw PageSourceFailure("the golden cannot be read: \(error)")
        }
    }

    private func failure(_ error: JSONValue?, body: String?) -> PageSourceFailure? {
        error.map {
            PageSourceFailure("\(isExa ? "ExaBackend" : "YouComBackend") error \($0.pythonText): \(body ?? "")")
        }
    }

    /// Takes the encoding out of an XML declaration, as some scenarios did.
    private static func withoutEncoding(_ body: Data) -> Data {
        let text = String(decoding: body, as: UTF8.self)
        let declaration = #/^(<\?xml[^>]+)\s+encoding\s*=\s*["'][^"']*["'](\s*\?>|)/#
        return Data(text.replacing(declaration, maxReplacements: 1) { "\($0.1)\($0.2)" }.utf8)
    }
}

/// A program of the system that turns one file into another.
struct SystemTool {
    private let name: String
    private let arguments: [String]

    init(_ name: String, _ arguments: String...) {
        self.name = name
        self.arguments = arguments
    }

    /// What is in a file, or in the one that it is packed in.
    static func contents(of file: URL) throws -> Data {
        let data = try Data(contentsOf: file)
        return file.pathExtension == "gz" ? try SystemTool("gzip", "-dc").output(for: data) : data
    }

    func output(for input: Data) throws -> Data {
        // A file, not a pipe, which two would have to write and read at the same time.
        let file = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
        try input.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(name) ended with \(process.terminationStatus)")
        }
        return data
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
