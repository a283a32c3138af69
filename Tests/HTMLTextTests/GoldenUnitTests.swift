import Foundation
import HTMLText
import TestSupport
import Testing

/// Snippets with what the reference makes of them.
@Suite(.bounded, .enabled(if: GoldenUnits.areThere, "HARMONIUM_SHARED, by default ../shared, holds no goldens/browser"))
struct GoldenUnitTests {
    @Test func `snippets become the text of the reference`() throws {
        for unit in try GoldenUnits.read().html {
            let expected = unit.expect
            do throws(RenderedPage.Failure) {
                let page = try RenderedPage(source: Array(unit.html.utf8), url: GoldenUnits.url, fixes: .reference)
                let text = "\nURL: \(GoldenUnits.url)\n" + String(decoding: page.text, as: UTF8.self)
                #expect(text.utf8.elementsEqual((expected.text ?? "").utf8), "\(unit.id)")
                #expect(page.title.utf8.elementsEqual((expected.title ?? "").utf8), "\(unit.id)")
                #expect(page.links == expected.links, "\(unit.id)")
            } catch {
                #expect(error.message == expected.error, "\(unit.id)")
            }
        }
    }
}

private struct GoldenUnits: Decodable {
    struct Snippet: Decodable {
        let id: String
        let html: String
        let expect: Expectation
    }

    struct Expectation: Decodable {
        let title: String?
        let text: String?
        let urls: [String: String]?
        let error: String?

        var links: [String] { (0..<(urls?.count ?? 0)).map { urls?["\($0)"] ?? "" } }
    }

    let html: [Snippet]

    static let url = "https://unit.example/dir/page.html"

    static var file: URL {
        let shared = ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared"
        return URL(filePath: shared).appending(path: "goldens/browser/units.json")
    }

    static var areThere: Bool { FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) }

    static func read() throws -> GoldenUnits {
        try JSONDecoder().decode(GoldenUnits.self, from: Data(contentsOf: file))
    }
}
