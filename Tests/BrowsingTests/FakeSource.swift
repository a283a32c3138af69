import Browsing
import Synchronization

/// A source of pages that a test can change while it browses.
final class FakeSource: PageSource {
    /// By the bytes of their URLs; strings are equal that only look so.
    private let pages = Mutex<[[UInt8]: PageContent]>([:])
    private let results = Mutex<[SearchResult]>([])
    private let fetched = Mutex<[(url: String, reloads: Bool)]>([])

    init(_ pages: KeyValuePairs<String, String> = [:], results: [SearchResult] = []) {
        for (url, html) in pages { self[url] = PageContent(body: Array(html.utf8)) }
        self.results.withLock { $0 = results }
    }

    subscript(url: String) -> PageContent? {
        get { pages.withLock { $0[Array(url.utf8)] } }
        set { pages.withLock { $0[Array(url.utf8)] = newValue } }
    }

    func find(_ found: [SearchResult]) {
        results.withLock { $0 = found }
    }

    /// What was fetched so far, in order.
    var log: [String] { fetched.withLock { $0.map(\.url) } }
    /// What of it was reloaded.
    var reloaded: [String] { fetched.withLock { $0.filter(\.reloads).map(\.url) } }

    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] {
        Array(results.withLock(\.self).prefix(count))
    }

    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        fetched.withLock { $0.append((url, reloads)) }
        guard let page = self[url] else { throw PageSourceFailure("no such page") }
        return page
    }
}

extension Browser {
    /// Opens a link or a URL as a model would.
    mutating func open(
        _ id: BrowsingArgument = .integer(-1),
        cursor: BrowsingArgument = .integer(-1),
        line: Int = -1,
        viewsSource: Bool = false
    ) async -> BrowsingResult {
        var request = OpenRequest()
        request.id = id
        request.cursor = cursor
        request.line = line
        request.viewsSource = viewsSource
        return await open(request)
    }

    /// A browser with the usual settings but for some.
    init(_ source: FakeSource, _ change: (inout Settings) -> Void = { _ in }) {
        var settings = Settings()
        change(&settings)
        self.init(source: source, encoding: nil, settings: settings)
    }
}
