/// What a URL led to, as text.
public struct FetchedPage: Equatable, Sendable {
    /// What kind of text it is, and so how to show it.
    public enum Kind: String, CaseIterable, Sendable {
        /// Markup, from `<html>` to a fragment of it.
        case html
        /// Lines to be shown as they are.
        case plain
        /// Lines of Markdown, to be shown as they are.
        case markdown
        /// JSON as it came.
        case json
        /// The XML of an RSS or Atom feed.
        case feed
        /// The text of a PDF document: lines, with a heading `Page n` before each page.
        case pdf

        /// What to call the text where only media types are understood.
        public var mediaType: String {
            switch self {
            case .html: "text/html"
            case .plain, .pdf: "text/plain"
            case .markdown: "text/markdown"
            case .json: "application/json"
            case .feed: "application/rss+xml"
            }
        }
    }

    /// Where a page goes on to by itself, and has not been followed to.
    public struct Onward: Equatable, Sendable {
        /// The URL that it names.
        public let url: String
        /// After how many seconds.
        public let seconds: Int
        /// Why it was not followed; nil where the page means to be read first.
        public let failure: String?
    }

    /// The URL as it was asked for, without `view-source:`.
    public internal(set) var requestedURL: String
    /// Where the last redirection led; the URL as it was asked for if there was none.
    public let finalURL: String
    /// The status of the answer, from 200 to 299 but for what ``FetchError/page`` is.
    public let status: Int
    /// The media type that the server named, without parameters, in lower case; empty if it named none.
    public let contentType: String
    /// What the text is.
    public let kind: Kind
    /// All of the text that was read.
    public let text: String
    /// Whether there was more than ``FetchLimits`` allow, or than came; the text is the beginning then.
    public let isTruncated: Bool
    /// Bytes of the body, after decompression.
    public let byteCount: Int
    /// Where the page goes on to by itself.
    public internal(set) var onward: Onward?
    /// A number that a page has in common with all its later showings, for as long as it is kept; nil for one that is
    /// not kept.
    public internal(set) var keptAs: Int?
}
