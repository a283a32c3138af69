/// The pages of a session, by cursor and by URL.
struct History: Sendable {
    private struct Entry: Sendable {
        let url: String
        let citedURL: String
        /// Nil once it is dropped.
        var page: Page?
    }

    private let settings: Browser.Settings
    private var entries: [Entry] = []
    /// The newest page under each URL; strings are compared by their bytes.
    private var pages: [[UInt8]: Page] = [:]
    /// Pages from the one on that was not shown for longest, for dropping.
    private var kept: [Page] = []
    private var keptBytes = 0

    init(settings: Browser.Settings) {
        self.settings = settings
    }

    var count: Int { entries.count }
    var urls: [String] { entries.map(\.url) }
    var citedURLs: [String] { entries.map(\.citedURL) }
    var newest: Page? { entries.last.flatMap(page) }

    /// The page under `url`, if there is one.
    func page(under url: String) -> Page? { pages[Array(url.utf8)] }

    /// All pages by URL.
    var all: [Page] { pages.values.sorted { $0.url < $1.url } }

    private func page(of entry: Entry) -> Page? {
        settings.fixes.cursorsKeepPages ? entry.page : pages[Array(entry.url.utf8)]
    }

    mutating func push(_ page: Page) {
        entries.append(Entry(url: page.url, citedURL: page.citedURL, page: page))
        pages[Array(page.url.utf8)] = page
        if let requested = page.origin.requestedURL { pages[Array(requested.utf8)] = page }
        if let searched = page.searched { touch(searched) }
        if touch(page) { return }
        kept.append(page)
        keptBytes += page.byteCount
        while kept.count > settings.pagesMax || (keptBytes > settings.pageBytesMax && kept.count > 1) { dropOldest() }
    }

    /// Notes that a page is in use; false if it is not kept.
    @discardableResult
    private mutating func touch(_ page: Page) -> Bool {
        guard let index = kept.firstIndex(where: { $0 === page }) else { return false }
        kept.append(kept.remove(at: index))
        return true
    }

    mutating func pop() {
        entries.removeLast()
    }

    private mutating func dropOldest() {
        let page = kept.removeFirst()
        keptBytes -= page.byteCount
        for index in entries.indices where entries[index].page === page { entries[index].page = nil }
        pages = pages.filter { $0.value !== page }
    }

    /// The page that a cursor stands for.
    func page(at cursor: BrowsingArgument) throws(Browser.Complaint) -> Page {
        guard let newest = entries.last else { throw Browser.Complaint(text: "No pages to access!") }
        let index = try index(of: cursor)
        let entry = index == -1 ? newest : entries[index]
        if let page = page(of: entry) { return page }
        let cursor = index == -1 ? entries.count - 1 : index
        let advice = entry.url.isEmpty ? "Search again." : "Open its URL again: `\(entry.url.cut)`."
        throw Browser.Complaint(
            text: "The page at cursor `\(cursor)` was dropped to make room for newer ones. \(advice)"
        )
    }

    /// The place of a cursor, -1 for the newest.
    private func index(of cursor: BrowsingArgument) throws(Browser.Complaint) -> Int {
        guard settings.fixes.readsArgumentsKindly else { return try indexOfReference(cursor) }
        if cursor.isBlank { return -1 }
        guard let number = number(of: cursor) else {
            throw Browser.Complaint(
                text: "`cursor` should be an integer, not `\(cursor.pythonText.cut)`: the number in brackets before a "
                    + "display, as in `3`. Without it, the newest page is meant."
            )
        }
        guard number >= -1, number < entries.count else { throw outOfRange(cursor) }
        return number
    }

    /// The number of a cursor, also in the brackets in which displays and citations have it.
    private func number(of cursor: BrowsingArgument) -> Int? {
        guard case .text(let text) = cursor else { return cursor.wholeNumber }
        if text.hasPrefix("["), text.hasSuffix("]") {
            return BrowsingArgument.text(String(text.dropFirst().dropLast())).wholeNumber
        }
        // The mark of a link has the number of the link.
        return cursor.wholeNumber ?? LinkMark(text).flatMap { $0.line == nil ? nil : $0.number }
    }

    /// As Python indexes lists.
    private func indexOfReference(_ cursor: BrowsingArgument) throws(Browser.Complaint) -> Int {
        let last = entries.count - 1
        let number: Int
        switch cursor {
        case .integer(let value): number = value
        case .truth(let value): number = value ? 1 : 0
        case .number(let value) where value == -1 || value == Double(last): return -1
        case .number, .text, .null, .list, .object:
            throw Browser.Complaint(text: "`cursor` should be an integer, not `\(cursor.pythonType)`")
        }
        if number == -1 { return -1 }
        guard number >= -entries.count, number <= last else { throw outOfRange(cursor) }
        return number < 0 ? entries.count + number : number
    }

    private func outOfRange(_ cursor: BrowsingArgument) -> Browser.Complaint {
        let indices = "[0 - \(entries.count - 1)]"
        return Browser.Complaint(
            text: "Cursor `\(cursor.pythonText)` is out of range. Available cursor indices: \(indices)."
        )
    }
}
