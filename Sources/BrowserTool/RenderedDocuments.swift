internal import Chromium
internal import Synchronization
internal import WebFetch

/// What scripts have made of pages that are kept, so that no showing of the same page runs them again.
final class RenderedDocuments: Sendable {
    /// How many documents are kept, and how many bytes of HTML they may have together; the oldest go first.
    private static let countMax = 64
    private static let bytesMax = 32 << 20

    private struct Key: Hashable {
        let page: Int
        let fragment: String
    }

    private struct State {
        var documents: [Key: RenderedDocument] = [:]
        var order: [Key] = []
        var bytes = 0
    }

    private let state = Mutex(State())

    /// The document of this showing of a page; nil if it was not rendered yet, or is not kept.
    func document(of page: FetchedPage, fragment: String) -> RenderedDocument? {
        guard let number = page.keptAs else { return nil }
        return state.withLock { $0.documents[Key(page: number, fragment: fragment)] }
    }

    /// Keeps the document of a page that is kept.
    func keep(_ document: RenderedDocument, of page: FetchedPage, fragment: String) {
        guard let number = page.keptAs, document.html.utf8.count <= Self.bytesMax / 4 else { return }
        let key = Key(page: number, fragment: fragment)
        state.withLock { state in
            // Two calls may have rendered the page at the same time.
            guard state.documents[key] == nil else { return }
            state.documents[key] = document
            state.order.append(key)
            state.bytes += document.html.utf8.count
            while state.order.count > Self.countMax || state.bytes > Self.bytesMax {
                let oldest = state.documents.removeValue(forKey: state.order.removeFirst())
                state.bytes -= oldest?.html.utf8.count ?? 0
            }
        }
    }
}
