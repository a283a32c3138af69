/// What a call gives: the text that the model reads, and what programs may want to know of it.
public struct BrowsingResult: Equatable, Sendable {
    /// What the model reads.
    public let text: String
    /// Where the text came from; nil for what is no page but a sentence about what went wrong.
    public let provenance: Provenance?

    /// Whether something went wrong.
    public var isError: Bool { provenance == nil }

    /// Where a display came from, kept apart from what the page says of itself.
    public struct Provenance: Equatable, Sendable {
        /// What the display is cited by.
        public let cursor: Int
        /// Where the page is; empty for results of a search.
        public let url: String
        /// What it was asked for by, if that is another URL.
        public let requestedURL: String?
        /// What it is called.
        public let title: String
        /// The media type it came with.
        public let contentType: String
        /// The lines shown, of all lines of the page.
        public let lines: Range<Int>
        /// How many lines the page has.
        public let lineCount: Int
        /// Whether the page is longer than what was read of it.
        public let isTruncated: Bool
        /// Whether its scripts were run.
        public let isRendered: Bool
        /// Whether something was left out because the page hides it.
        public let hasHiddenText: Bool
    }
}
