import Foundation
import HTMLText
import TestSupport
import Testing

/// Snippets with what the reference makes of them.
@Suite(.bounded, .enabled(if: Goldens.areRecorded, "run scripts/goldens"))
struct GoldenUnitTests {
    @Test func `snippets become the text of the reference`() throws {
        for unit in try Goldens.units(\GoldenUnits.html, atLeast: 400) {
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
}
