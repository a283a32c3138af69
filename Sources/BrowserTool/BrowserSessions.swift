internal import Browsing

/// The browsers of sessions, by name: one each, kept while they are used.
public actor BrowserSessions {
    /// The limits on sessions.
    public struct Limits: Sendable {
        /// How many are kept; then the one that was used longest ago makes room.
        public let sessionsMax: Int
        /// How long one is kept that nobody uses.
        public let idle: Duration

        /// All limits.
        public init(sessionsMax: Int = 256, idle: Duration = .seconds(1200)) {
            self.sessionsMax = sessionsMax
            self.idle = idle
        }
    }

    private struct Entry {
        let session: BrowserSession
        var lastUse: ContinuousClock.Instant
    }

    private let limits: Limits
    private let makeBrowser: @Sendable () -> Browser
    private var entries: [String: Entry] = [:]

    init(limits: Limits, makeBrowser: @escaping @Sendable () -> Browser) {
        self.limits = limits
        self.makeBrowser = makeBrowser
    }

    /// How many sessions there are.
    var count: Int { entries.count }

    /// The session of this name, begun if there is none. Those that are idle for too long are forgotten on the way.
    func session(_ name: String) -> BrowserSession {
        let now = ContinuousClock.now
        entries = entries.filter { now - $0.value.lastUse < limits.idle }
        if entries[name] == nil, entries.count >= limits.sessionsMax,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            entries[oldest.key] = nil
        }
        let session = entries[name]?.session ?? BrowserSession(makeBrowser())
        entries[name] = Entry(session: session, lastUse: now)
        return session
    }

    /// The session of this name, if there is one.
    func known(_ name: String) -> BrowserSession? { entries[name]?.session }

    func end(_ name: String) { entries[name] = nil }
}

/// One browser, and the calls on it one after the other.
actor BrowserSession {
    private var browser: Browser
    private var last: Task<BrowsingResult, Never>?

    init(_ browser: Browser) { self.browser = browser }

    /// What citations of each cursor lead to.
    var citations: Citations { Citations(citedURLs: browser.citedURLs) }

    /// Carries out a call after those before it; one that is cancelled leaves the browser as it was.
    func run(_ body: @escaping @Sendable (inout Browser) async -> BrowsingResult) async -> BrowsingResult {
        let before = last
        // Ends with its body, which is cancelled with the caller.
        let task = Task {
            _ = await before?.value
            return await carryOut(body)
        }
        last = task
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func carryOut(_ body: @Sendable (inout Browser) async -> BrowsingResult) async -> BrowsingResult {
        var changed = browser
        let result = await body(&changed)
        if !Task.isCancelled { browser = changed }
        return result
    }
}
