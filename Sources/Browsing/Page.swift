internal import HTMLText
internal import PythonText

/// A page that was opened, searched for or found in; never changed.
package final class Page: Sendable {
    package let url: String
    package let title: String
    package let text: [UInt8]
    let wrapped: WrappedText
    package let links: [String]
    /// If this is a page of matches, the line of each in the page that was searched.
    let matchLines: [Int]?
    /// The page that was searched, as long as it is kept.
    weak let searched: Page?
    let origin: Origin

    /// What a page came from.
    struct Origin: Sendable {
        var requestedURL: String?
        var contentType = "text/html"
        var isTruncated = false
        var isRendered = false
        var hasHiddenText = false
        /// What was fetched, kept where the source may be asked for.
        var source: [UInt8] = []
    }

    init(
        url: String,
        title: String,
        text: [UInt8],
        links: [String],
        matchLines: [Int]? = nil,
        searched: Page? = nil,
        citedURL: String? = nil,
        origin: Origin = Origin()
    ) {
        self.url = url
        self.citedURL = citedURL ?? url
        self.title = title
        self.text = text
        self.links = links
        self.matchLines = matchLines
        self.searched = searched
        self.origin = origin
        wrapped = WrappedText(text)
    }

    /// What a citation of it leads to: of a page of matches, the page that was searched; of a source, the page itself.
    let citedURL: String

    /// How many lines it has.
    package var lineCount: Int { wrapped.lines.count }

    /// Whether it shows where a pattern stands in another page.
    package var isFound: Bool { matchLines != nil }

    /// What it takes, in bytes, as far as it counts.
    var byteCount: Int {
        let linkBytes = links.reduce(0) { $0 + $1.utf8.count + 16 }
        let expandedBytes = wrapped.bytes.count == text.count ? 0 : wrapped.bytes.count
        return text.count + expandedBytes + wrapped.lines.count * 12 + linkBytes + origin.source.count + 1024
    }
}
