internal import PythonText

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
        /// A line of a page that was searched, or cited.
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
            // Who asks for a page again, by its URL, wants what is there now.
            let isKnown = history.page(under: url) != nil
            return (try await fetch(request.viewsSource ? Self.sourcePrefix + url : url, reloads: isKnown), nil)
        }
    }

    private func target(of request: OpenRequest) throws(Complaint) -> Target {
        guard settings.fixes.readsArgumentsKindly else { return try targetOfReference(request) }
        switch request.id {
        case .text(let text):
            switch LinkText(text) {
            case .here: return .here(try history.page(at: request.cursor))
            case .link(let number): return try link(number, of: request)
            case .line(let line, let cursor): return try cited(line, cursor: cursor, in: request)
            case .url(let url): return .url(url)
            case .reference(let reference): return .url(try absolute(reference, in: request))
            case .unclear: throw unclear(request.id)
            }
        case .null: return .here(try history.page(at: request.cursor))
        case .integer, .number:
            guard let number = request.id.wholeNumber else { throw unclear(request.id) }
            return try link(number, of: request)
        case .truth, .list, .object: throw unclear(request.id)
        }
    }

    /// The reference takes every text for a URL.
    private func targetOfReference(_ request: OpenRequest) throws(Complaint) -> Target {
        switch request.id {
        case .text(let url): return .url(url)
        case .integer(let number): return try link(number, of: request)
        case .null: return .here(try history.page(at: request.cursor))
        case .number(let number) where number < 0: return .here(try history.page(at: request.cursor))
        case .number, .truth, .list, .object:
            _ = try history.page(at: request.cursor)
            throw Complaint(text: "Invalid link id `\(request.id.pythonText)`.")
        }
    }

    private func link(_ number: Int, of request: OpenRequest) throws(Complaint) -> Target {
        let page = try history.page(at: request.cursor)
        if number < 0 { return .here(page) }
        guard number < page.links.count else {
            throw Complaint(text: "Invalid link id `\(number)`." + (advice(on: page) ?? ""))
        }
        let line = page.matchLines.flatMap { number < $0.count ? $0[number] : nil }
        // The matches are those of the page that was searched, whatever is under its URL by now.
        if settings.fixes.cursorsKeepPages, !request.viewsSource, let line, let searched = page.searched {
            return .match(searched, line: line)
        }
        return .link(page.links[number], line: line)
    }

    private func advice(on page: Page) -> String? {
        guard settings.fixes.readsArgumentsKindly else { return nil }
        switch page.links.count {
        case 0: return " The page has no links."
        case 1: return " The page has one link: `0`."
        default: return " The page has the links `0` to `\(page.links.count - 1)`."
        }
    }

    /// A line that a citation names, of the page that it names.
    private func cited(_ line: Int, cursor: Int, in request: OpenRequest) throws(Complaint) -> Target {
        guard request.cursor.isBlank || request.cursor == .integer(-1) || request.cursor.wholeNumber == cursor else {
            throw Complaint(
                text: "`id` cites the page at cursor `\(cursor)`, and `cursor` is `\(request.cursor.pythonText.cut)`. "
                    + "To show line \(line) of that page, write `cursor`: \(cursor) and `loc`: \(line)."
            )
        }
        let page = try history.page(at: .integer(cursor))
        return request.viewsSource ? .here(page) : .match(page, line: line)
    }

    private func absolute(_ reference: String, in request: OpenRequest) throws(Complaint) -> String {
        let page = try history.page(at: request.cursor)
        guard !page.url.isEmpty, !page.isFound,
            let joined = try? URLReference.join(Array(page.url.utf8), Array(reference.utf8))
        else { throw unclear(.text(reference)) }
        return String(decoding: joined, as: UTF8.self)
    }

    private func unclear(_ id: BrowsingArgument) -> Complaint {
        Complaint(
            text: "Invalid link id `\(id.pythonText.cut)`. Write the number of a link, as in `3`, or a URL, as in "
                + "`https://example.com/`."
        )
    }

    /// Fetches and renders; `url` may ask for the source.
    private func fetch(_ asked: String, reloads: Bool = false) async throws(Complaint) -> Page {
        let viewsSource = asked.hasPrefix(Self.sourcePrefix)
        let url = viewsSource ? String(asked.dropFirst(Self.sourcePrefix.count)) : asked
        do throws(PageSourceFailure) {
            let fetched = try await source.fetch(url, reloads: reloads)
            let page = try await PageContentRendering.page(from: fetched, askedFor: url, fixes: settings.fixes)
            guard viewsSource, settings.fixes.showsSource else { return page }
            return SourcePage.page(of: page) ?? page
        } catch {
            throw Complaint(text: "Error fetching URL `\(asked.cut)`: \(error.message.cut)")
        }
    }
}
