import Chromium
import Synchronization
import TestSupport
import Testing

@testable import BrowserTool
@testable import WebFetch

/// Which pages would have their scripts run; that they are is seen in the tests of Chromium.
@Suite(.bounded) struct ScriptedPagesTests {
    private func shown(_ html: String, rule: ScriptedPages.Rule = .auto, kind: FetchedPage.Kind = .html) async throws
        -> String
    {
        let page = page(html, kind: kind)
        let outcome = try await ScriptedPages(rule: rule, renderer: nil).outcome(of: page, asked: page.requestedURL)
        #expect(outcome.url == page.finalURL && !outcome.isRendered)
        return String(decoding: outcome.html, as: UTF8.self)
    }

    private func page(_ html: String, kind: FetchedPage.Kind = .html, keptAs number: Int? = nil) -> FetchedPage {
        FetchedPage(
            requestedURL: "https://one.example/",
            finalURL: "https://one.example/",
            status: 200,
            contentType: "text/html",
            kind: kind,
            text: html,
            isTruncated: false,
            byteCount: html.utf8.count,
            keptAs: number
        )
    }

    /// A page that is kept has its scripts run once for each of its views; one that is not, each time.
    @Test func `a page with scripts is rendered once for as long as it is kept`() async throws {
        let rendered = Mutex<[String]>([])
        let pages = ScriptedPages(rule: .auto) { page, fragment in
            rendered.withLock { $0.append("\(page.keptAs ?? 0)\(fragment)") }
            return RenderedDocument(url: page.finalURL, html: "<p>made of \(page.keptAs ?? 0)")
        }
        let html = "<div id=root></div><script>1</script>"
        for number in [1, 1, nil, nil, 2, 1] {
            let outcome = try await pages.outcome(of: page(html, keptAs: number), asked: "https://one.example/")
            #expect(outcome.isRendered)
            #expect(String(decoding: outcome.html, as: UTF8.self) == "<p>made of \(number ?? 0)")
        }
        for _ in 0..<2 { _ = try await pages.outcome(of: page(html, keptAs: 1), asked: "https://one.example/#/b") }
        #expect(rendered.withLock(\.self) == ["1", "0", "0", "2", "1#/b"])
    }

    private static let long = "<p>\(String(repeating: "word ", count: 50))</p>"

    @Test func `an empty page with scripts says that they were not run`() async throws {
        for page in [
            "<div id=root></div><SCRIPT src=a.js></SCRIPT>", "<title>A</title><p>Loading…</p><script>1</script>",
            Self.long + "<div id=root></div><script>1</script>", "<nav>\(Self.long)</nav><script>1</script>",
        ] {
            let shown = try await shown(page)
            #expect(shown.hasPrefix(page + "<p>[This page is made by scripts"))
            #expect(shown.contains("no Chromium is installed here"))
        }
    }

    @Test func `other pages are as they came`() async throws {
        for page in [Self.long + "<script>1</script>", "<p>short", "<p>a <scripture>", "", Self.long] {
            #expect(try await shown(page) == page)
            #expect(try await shown(page, rule: .always) == page)
        }
        #expect(try await shown("<script>1</script>", rule: .never) == "<script>1</script>")
        #expect(try await shown("<script>1</script>", kind: .plain) == "<script>1</script>")
    }
}
