internal import Browsing
internal import JSON
internal import MCP

/// What citations in a model's text lead to, `【1†L3-L5】` for instance: the pages that the session's browser has open.
struct CitedPages: Sendable {
    /// The list is short: the newest cursors of one session.
    private static let bytesMax = 1 << 20

    private let store: any ResourceStore
    private let session: SessionKey

    /// Nil where no browser is among `namespaces`.
    init?(_ namespaces: [any ToolNamespace], of session: SessionKey) {
        guard let store = namespaces.first(where: { $0.name == "browser" })?.resources else { return nil }
        self.store = store
        self.session = session
    }

    /// What turns the citations of a text into links; nil where no page was opened.
    func resolver() async -> CitationResolver? {
        // A session that has no browser yet is an error here, and cites no page.
        guard
            let bytes = try? await store.read(
                CitationResolver.resourceURI,
                of: session,
                bytesMax: Self.bytesMax
            ), let pages = (try? JSONValue(parsing: bytes))?.object
        else { return nil }
        let urls = pages.compactMap { page in page.value.string.map { (page.name, $0) } }
        return urls.isEmpty ? nil : CitationResolver(citations: Dictionary(urls) { $1 })
    }
}
