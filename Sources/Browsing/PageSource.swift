/// Where pages and results of searches come from: the network, an index, a test.
public protocol PageSource: Sendable {
    /// Up to `count` results for `query`, the best first; throws the sentence for the model.
    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult]

    /// The page at `url`, fetched again where the caller `reloads` it; throws the sentence for the model.
    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent
}

/// Why there is no page, or no results.
public struct PageSourceFailure: Error, Equatable, Sendable {
    /// The sentence for the model, after what was tried; cut at 1024 characters.
    public let message: String

    /// A failure with a sentence for the model.
    public init(_ message: String) {
        self.message = message
    }
}

/// The content of a page, as a source hands it to the browser.
public struct PageContent: Sendable {
    /// UTF-8, whatever it came in.
    public var body: [UInt8]
    /// Its media type in lower case without parameters, `text/html` if it is unknown.
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
