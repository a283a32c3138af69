package import Chromium
internal import HTMLText
internal import Logging
internal import WebFetch

/// Which pages have their scripts run, and by whom.
package struct ScriptedPages: Sendable {
    /// When scripts are run.
    package enum Rule: String, CaseIterable, Sendable {
        /// Where the page is built so that a good part of it is made, or shown, by them.
        case auto
        /// Always.
        case always
        /// Not at all.
        case never
    }

    /// Runs the scripts of a page, whose fragment says which of its views is meant.
    typealias Render = @Sendable (FetchedPage, _ fragment: String) async throws(FetchError) -> RenderedDocument

    private let rule: Rule
    private let render: Render?
    private let documents = RenderedDocuments()

    /// Pages by `rule`; without a renderer, those that need them say that their scripts were not run.
    package init(rule: Rule, renderer: PageRenderer?) {
        var render: Render?
        if let renderer {
            render = { page, fragment throws(FetchError) in try await renderer.render(page, fragment: fragment) }
        }
        self.init(rule: rule, render: render)
    }

    init(rule: Rule, render: Render?) {
        self.rule = rule
        self.render = render
    }

    /// What there is to show of a page.
    struct Outcome {
        let url: String
        let html: [UInt8]
        let isRendered: Bool
    }

    /// The page after its scripts, or as it came, where that says more. `url`, as it was asked for, may name a view of it.
    ///
    /// Where its scripts cannot be run, or do not end, the page says so in a paragraph of its own.
    func outcome(of page: FetchedPage, asked url: String) async throws(FetchError) -> Outcome {
        let source = Array(page.text.utf8)
        let asItCame = Outcome(url: page.finalURL, html: source, isRendered: false)
        guard rule != .never, page.kind == .html else { return asItCame }
        let structure = PageStructure(source: source)
        let fragment = ScriptedPages.fragment(of: url) ?? ScriptedPages.fragment(of: page.finalURL) ?? ""
        let isView = fragment.hasPrefix("#/") || fragment.hasPrefix("#!")
        let needsScripts = structure.needsScripts || (isView && structure.hasScripts)
        guard structure.hasScripts, needsScripts || rule == .always else { return asItCame }
        do throws(FetchError) {
            let document = try await document(of: page, fragment: fragment)
            let html = Array(document.html.utf8)
            // Scripts that fail can leave less than there was.
            let isLess = PageStructure(source: html).contentLetters * 2 < structure.contentLetters
            return isLess && !isView ? asItCame : Outcome(url: document.url, html: html, isRendered: true)
        } catch {
            guard [.scripts, .busy, .timeout].contains(error.code) else { throw error }
            Logger.current.info("Scripts not run", metadata: ["reason": "\(error.reason)"])
            guard needsScripts else { return asItCame }
            let note =
                "<p>[This page is made by scripts, and parts of it may be missing without them; \(error.reason).]</p>"
            return Outcome(url: page.finalURL, html: source + note.utf8, isRendered: false)
        }
    }

    /// What the scripts of a page make of it; a page that is kept is rendered once.
    private func document(of page: FetchedPage, fragment: String) async throws(FetchError) -> RenderedDocument {
        if let document = documents.document(of: page, fragment: fragment) { return document }
        guard let render else {
            throw FetchError(.scripts, "the page's scripts were not run: no Chromium is installed here")
        }
        let document = try await render(page, fragment)
        documents.keep(document, of: page, fragment: fragment)
        return document
    }

    /// The fragment of a URL, with its `#`; nil where there is none.
    private static func fragment(of url: String) -> String? {
        url.firstIndex(of: "#").map { String(url[$0...]) }
    }
}
