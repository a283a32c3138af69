extension Browser {
    /// What `open` is asked for.
    public struct OpenRequest: Sendable {
        /// A number of a link, a URL, or something negative for the page itself.
        public var id = BrowsingArgument.integer(-1)
        /// The page whose link it is.
        public var cursor = BrowsingArgument.integer(-1)
        /// The first line to show; negative for wherever it is best.
        public var line = -1
        /// How many lines to show; 0 or less for as many as usual.
        public var lineCount = -1
        /// Whether the source is asked for.
        public var viewsSource = false

        /// The newest page, from its beginning.
        public init() {}
    }

    private static let sourcePrefix = "view-source:"

    /// Where an open leads.
    private enum Target {
        case here(Page)
        /// A line of the page that was searched.
        case match(Page, line: Int)
        /// `line` is where a match is, if the link is one's.
        case link(String, line: Int?)
        case url(String)
    }

    /// Opens a link, a URL or another place of a page, and shows it.
    public mutating func open(_ request: OpenRequest) async -> BrowsingResult {
        do throws(Complaint) {
            let (page, matchLine) = try await page(for: request)
            history.push(page)
            return try show(from: line(for: request, matchLine: matchLine), count: request.lineCount)
        } catch {
            return BrowsingResult(text: error.text, provenance: nil)
        }
    }

    private func line(for request: OpenRequest, matchLine: Int?) -> Int {
        if request.line >= 0 { return request.line }
        guard let matchLine, !request.viewsSource else { return 0 }
        return matchLine > 4 ? matchLine - 4 : matchLine
    }

    private func page(for request: OpenRequest) async throws(Complaint) -> (Page, matchLine: Int?) {
        switch try target(of: request) {
        case .here(let page):
            guard request.viewsSource else { return (page, nil) }
            if settings.fixes.showsSource, let source = SourcePage.page(of: page) { return (source, nil) }
            return (try await fetch(Self.sourcePrefix + page.url), nil)
        case .link(let url, let line):
            if request.viewsSource { return (try await fetch(Self.sourcePrefix + url), line) }
            if let known = history.page(under: url) { return (known, line) }
            return (try await fetch(url), line)
        case .match(let page, let line): return (page, line)
        case .url(let url):
            return (try await fetch(request.viewsSource ? Self.sourcePrefix + url : url), nil)
        }
    }

    private func target(of request: OpenRequest) throws(Complaint) -> Target {
        let isKind = settings.fixes.readsArgumentsKindly
        if case .text(let url) = request.id, !isKind || request.id.wholeNumber == nil { return .url(url) }
        let page = try history.page(at: request.cursor)
        let number: Int?
        switch request.id {
        case .integer(let value): number = value
        case .number(let value) where value < 0: number = -1
        case .number, .text: number = isKind ? request.id.wholeNumber : nil
        case .null: number = -1
        case .truth, .list, .object: number = nil
        }
        if let number, number < 0 { return .here(page) }
        guard let number, number < page.links.count else {
            throw Complaint(text: "Invalid link id `\(request.id.pythonText)`.")
        }
        let line = page.matchLines.flatMap { number < $0.count ? $0[number] : nil }
        // The matches are those of the page that was searched, whatever is under its URL by now.
        if settings.fixes.cursorsKeepPages, !request.viewsSource, let line, let searched = page.searched {
            return .match(searched, line: line)
        }
        return .link(page.links[number], line: line)
    }

    /// Fetches and renders; `url` may ask for the source.
    private func fetch(_ asked: String) async throws(Complaint) -> Page {
        let viewsSource = asked.hasPrefix(Self.sourcePrefix)
        let url = viewsSource ? String(asked.dropFirst(Self.sourcePrefix.count)) : asked
        do throws(PageSourceFailure) {
            let fetched = try await source.fetch(url)
            let page = try await FetchedPageRendering.page(from: fetched, askedFor: url, fixes: settings.fixes)
            guard viewsSource, settings.fixes.showsSource else { return page }
            return SourcePage.page(of: page) ?? page
        } catch {
            throw Complaint(text: "Error fetching URL `\(asked.cut)`: \(error.message.cut)")
        }
    }
}
