/// Where pages and results of searches come from: the network, an index, a test.
public protocol PageSource: Sendable {
    /// Up to `count` results for `query`, the best first; throws what the model is told.
    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult]

    /// The page at `url`, and not a copy that was kept if it is asked for `anew`; throws what the model is told.
    func fetch(_ url: String, anew: Bool) async throws(PageSourceFailure) -> FetchedPage
}

/// Why there is no page, or no results.
public struct PageSourceFailure: Error, Equatable, Sendable {
    /// What the model is told, behind what was tried; cut at 1024 characters.
    public let message: String

    /// A failure that the model is told of.
    public init(_ message: String) {
        self.message = message
    }
}

/// A page as it came.
public struct FetchedPage: Sendable {
    /// UTF-8, whatever it came in.
    public var body: [UInt8]
    /// Its media type in lower case without parameters, `text/html` if nobody knows.
    public var contentType: String
    /// Where it was in the end; nil if where it was looked for.
    public var finalURL: String?
    /// What the source calls it; goes before its own title.
    public var title: String?
    /// Whether there was more of it than came.
    public var isTruncated: Bool
    /// Whether its scripts were run.
    public var isRendered: Bool

    /// A page with all that is known of it.
    public init(
        body: [UInt8],
        contentType: String = "text/html",
        finalURL: String? = nil,
        title: String? = nil,
        isTruncated: Bool = false,
        isRendered: Bool = false
    ) {
        self.body = body
        self.contentType = contentType
        self.finalURL = finalURL
        self.title = title
        self.isTruncated = isTruncated
        self.isRendered = isRendered
    }
}

/// A result of a search.
public struct SearchResult: Sendable {
    /// Where it leads; empty for an answer that is no page's.
    public var url: String
    /// What it is called.
    public var title: String?
    /// What is said of it.
    public var summary: String?
    /// Passages of it that match.
    public var highlights: [String]
    /// The beginning of it.
    public var text: String?

    /// A result with all that is known of it.
    public init(url: String, title: String?, summary: String? = nil, highlights: [String] = [], text: String? = nil) {
        self.url = url
        self.title = title
        self.summary = summary
        self.highlights = highlights
        self.text = text
    }
}
