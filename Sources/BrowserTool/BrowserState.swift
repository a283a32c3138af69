internal import Browsing
internal import Sessions
internal import Synchronization

/// The browser of one session: its pages and cursors.
final class BrowserState: SessionState {
    private let browser: Mutex<Browser>

    init(_ browser: Browser) { self.browser = Mutex(browser) }

    let isOpen = true
    let hasBegun = true

    /// Nothing runs without a call.
    func close() {}

    /// What citations of each cursor lead to.
    var citations: Citations { Citations(citedURLs: browser.withLock { $0.citedURLs }) }

    /// Carries out a call, beside which no other is carried out; one that is cancelled leaves the browser as it was.
    func run(_ body: @Sendable (inout Browser) async -> BrowsingResult) async -> BrowsingResult {
        var changed = browser.withLock { $0 }
        let result = await body(&changed)
        if !Task.isCancelled { browser.withLock { [changed] in $0 = changed } }
        return result
    }
}
