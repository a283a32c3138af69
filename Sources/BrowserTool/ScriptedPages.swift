package import Chromium
internal import HTMLText
internal import Logging
internal import WebFetch

/// Which pages have their scripts run, and by whom.
package struct ScriptedPages: Sendable {
    /// When scripts are run.
    package enum Rule: String, CaseIterable, Sendable {
        /// Where a page shows next to nothing without them.
        case auto
        /// Always.
        case always
        /// Not at all.
        case never
    }

    private let rule: Rule
    private let renderer: PageRenderer?

    /// Pages by `rule`; without a renderer, those that show nothing say that their scripts were not run.
    package init(rule: Rule, renderer: PageRenderer?) {
        self.rule = rule
        self.renderer = renderer
    }

    /// What there is to show of a page.
    struct Outcome {
        let url: String
        let html: [UInt8]
        let isRendered: Bool
    }

    /// The page after its scripts, or as it came.
    ///
    /// Fails where its scripts do not end. Where they cannot be run, the page says so in a paragraph of its own.
    func outcome(of page: FetchedPage) async throws(FetchError) -> Outcome {
        let source = Array(page.text.utf8)
        let asItCame = Outcome(url: page.finalURL, html: source, isRendered: false)
        guard rule != .never, page.kind == .html, ScriptedPages.hasScripts(source) else { return asItCame }
        let isEmpty = ScriptedPages.isNearlyEmpty(source, url: page.finalURL)
        guard isEmpty || rule == .always else { return asItCame }
        do throws(FetchError) {
            guard let renderer else {
                throw FetchError(.scripts, "the page's scripts were not run: no Chromium is installed here")
            }
            let document = try await renderer.render(page)
            return Outcome(url: document.url, html: Array(document.html.utf8), isRendered: true)
        } catch {
            guard [.scripts, .busy].contains(error.code) else { throw error }
            Logger.current.info("Scripts not run", metadata: ["reason": "\(error.reason)"])
            guard isEmpty else { return asItCame }
            let note = "<p>[This page is made by scripts, and little is left without them; \(error.reason).]</p>"
            return Outcome(url: page.finalURL, html: source + note.utf8, isRendered: false)
        }
    }

    /// From so many letters on, a page has something to say without its scripts.
    private static let emptyBytesMax = 200

    private static func hasScripts(_ source: [UInt8]) -> Bool {
        let name = Array("<script".utf8)
        let ends = Array(" \t\n\u{c}\r/>".utf8)
        return source.indices.contains { start in
            guard source[start] == name[0], source.count > start + name.count else { return false }
            let isNamed = source[start...].prefix(name.count).elementsEqual(name) { $0 == $1 || $0 | 0x20 == $1 }
            return isNamed && ends.contains(source[start + name.count])
        }
    }

    private static func isNearlyEmpty(_ source: [UInt8], url: String) -> Bool {
        guard let shown = try? RenderedPage(source: source, url: url) else { return true }
        return shown.text.lazy.filter { $0 > UInt8(ascii: " ") }.prefix(emptyBytesMax).count < emptyBytesMax
    }
}
