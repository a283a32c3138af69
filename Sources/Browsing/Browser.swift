internal import HTMLText
internal import PythonText
public import Tokenizer

/// The browser of one session: the pages that its cursors stand for, and what a model does with them.
///
/// Every display that succeeds gets the next cursor. Calls on one browser come one after the other; a call that is
/// cancelled leaves it as it was.
public struct Browser: Sendable {
    /// How pages are shown and kept.
    public struct Settings: Sendable {
        /// How many tokens a display has, about, unless lines are asked for.
        public var viewTokens = 1024
        /// How many results a search asks for.
        public var searchResults = 20
        /// How many pages are kept; those not shown for longest are dropped for new ones.
        public var pagesMax = 256
        /// How many bytes all kept pages have together.
        public var pageBytesMax = 64 << 20
        /// What is mended of the reference.
        public var fixes = BrowsingFixes()

        /// The usual settings.
        public init() {}
    }

    /// What went wrong, as a sentence for the model.
    struct Complaint: Error {
        let text: String
    }

    let source: any PageSource
    let settings: Settings
    let window: Window
    var history: History

    /// A browser without pages.
    ///
    /// - Parameters:
    ///   - source: Where pages come from.
    ///   - encoding: Counts tokens; without one a token is taken for four characters.
    public init(source: any PageSource, encoding: Encoding?, settings: Settings = Settings()) {
        self.source = source
        self.settings = settings
        window = Window(tokensMax: settings.viewTokens, encoding: encoding)
        history = History(settings: settings)
    }

    /// The URLs of the pages that the cursors stand for, from cursor 0 on; those of searches are empty.
    public var pageURLs: [String] { history.urls }

    /// What citations of the cursors lead to, from cursor 0 on: matches to the page that was searched, sources to their
    /// page, and results of searches nowhere, which is empty.
    public var citedURLs: [String] { history.citedURLs }

    /// The pages that are known by URL, in the order of their URLs.
    package var pages: [Page] { history.all }

    /// Searches for `query` and shows what was found.
    public mutating func search(_ query: String) async -> BrowsingResult {
        await answering { browser async throws(Complaint) in
            try browser.refuseBlank(query, "search takes a string, \"query\": what to look for.")
            let found: [SearchResult]
            do throws(PageSourceFailure) {
                found = try await browser.source.search(query, count: browser.settings.searchResults)
            } catch {
                throw Complaint(text: "Error during search for `\(query)`: \(error.message.cut)")
            }
            do throws(PageSourceFailure) {
                browser.history.push(try SearchPage.page(of: found, for: query, fixes: browser.settings.fixes))
            } catch {
                throw Complaint(text: "Error during search for `\(query)`: \(error.message.cut)")
            }
            return try browser.show(from: 0, count: -1)
        }
    }

    /// Shows where `pattern` stands in a page.
    public mutating func find(_ pattern: String, cursor: BrowsingArgument = .integer(-1)) async -> BrowsingResult {
        await answering { browser async throws(Complaint) in
            try browser.refuseBlank(pattern, "find takes a string, \"pattern\": the text to find in the page.")
            let page = try browser.history.page(at: cursor)
            if page.isFound {
                throw Complaint(text: "Cannot run `find` on search results page or find results page")
            }
            let pattern = LetterCase.lowered(Array(pattern.utf8))
            browser.history.push(FoundPage.page(of: pattern, in: page, fixes: browser.settings.fixes))
            return try browser.show(from: 0, count: -1)
        }
    }

    /// What is blank finds nothing, or stands everywhere.
    private func refuseBlank(_ text: String, _ advice: String) throws(Complaint) {
        guard settings.fixes.readsArgumentsKindly, BrowsingArgument.text(text).isBlank else { return }
        throw Complaint(text: advice)
    }

    private mutating func answering(
        _ body: (inout Browser) async throws(Complaint) -> BrowsingResult
    ) async -> BrowsingResult {
        do throws(Complaint) {
            return try await body(&self)
        } catch {
            return BrowsingResult(text: error.text, provenance: nil)
        }
    }

    /// Shows the newest page; it is forgotten if it has no such line.
    mutating func show(from line: Int, count: Int) throws(Complaint) -> BrowsingResult {
        guard let page = history.newest else { throw Complaint(text: "No pages to access!") }
        let total = page.wrapped.lines.count
        guard line < total else {
            history.pop()
            throw Complaint(
                text: "Invalid location parameter: `\(line)`. Cannot exceed page maximum of \(total - 1)."
            )
        }
        let end = window.end(of: page.wrapped, from: line, count: count)
        return Display(page: page, cursor: history.count - 1, lines: line..<end, fixes: settings.fixes).result
    }
}

extension String {
    /// At most 1024 characters, as Python counts them.
    var cut: String {
        unicodeScalars.count > 1024 ? String(String.UnicodeScalarView(unicodeScalars.prefix(1021))) + "..." : self
    }
}
