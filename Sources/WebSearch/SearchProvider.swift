/// Whatever finds pages: a service on the web, an index on this machine, several of them in a row.
package protocol SearchProvider: Sendable {
    /// What people call it, as it stands in messages.
    var name: String { get }

    /// At most `count` pages about `query`, the best first; none if there are none.
    func search(_ query: String, count: Int) async throws(SearchError) -> [SearchHit]
}

/// A page that was found.
package struct SearchHit: Equatable, Sendable {
    /// Where the page is: `http`, `https` or, in the local index, `local`; empty for an answer that is no page's.
    package let url: String
    /// What the page is called, in one line; never empty.
    package let title: String
    /// What the page says about the query, in one line; may be empty.
    package let summary: String

    /// Makes one line each of `title` and `summary`, cut where they are longer than anybody wants.
    package init(url: String, title: String, summary: String) {
        self.url = url
        let line = OneLine.of(title, bytesMax: 300)
        self.title = line.isEmpty ? url : line
        self.summary = OneLine.of(summary, bytesMax: 1200)
    }
}
