internal import NIOHTTP1
internal import Synchronization

/// Pages that their servers allow to be shown again to anybody, by the URL they were found at.
final class PageCache: Sendable {
    private struct Entry {
        let page: FetchedPage
        let expires: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// What was asked for, and the key of where that led.
        var aliases: [String: String] = [:]
        /// Keys, the oldest first.
        var order: [String] = []
        var bytes = 0
        /// How many pages were kept so far.
        var keptCount = 0
    }

    private let pagesMax: Int
    private let bytesMax: Int
    private let state = Mutex(State())

    init(limits: FetchLimits) {
        pagesMax = limits.cachedPagesMax
        bytesMax = limits.cachedBytesMax
    }

    /// The page at `key`, or where that led, if it may still be shown.
    func page(at key: String, now: ContinuousClock.Instant = .now) -> FetchedPage? {
        state.withLock { state in
            let key = state.aliases[key] ?? key
            guard let entry = state.entries[key] else { return nil }
            guard entry.expires > now else {
                remove(key, from: &state)
                return nil
            }
            return entry.page
        }
    }

    /// Keeps `page`, found at `key` on the way from `alias`, for as long as it is fresh; forgets it where it is not.
    /// - Returns: The page, with its number if it is kept.
    @discardableResult
    func keep(
        _ page: FetchedPage,
        at key: String,
        alias: String,
        freshness: Duration?,
        now: ContinuousClock.Instant = .now
    ) -> FetchedPage {
        let size = page.text.utf8.count
        return state.withLock { state in
            remove(key, from: &state)
            guard let time = freshness, size <= bytesMax, pagesMax > 0 else { return page }
            while state.order.count >= pagesMax || state.bytes + size > bytesMax, let oldest = state.order.first {
                remove(oldest, from: &state)
            }
            state.keptCount += 1
            var page = page
            page.keptAs = state.keptCount
            state.entries[key] = Entry(page: page, expires: now + time)
            state.order.append(key)
            state.bytes += size
            if alias != key { state.aliases[alias] = key }
            return page
        }
    }

    private func remove(_ key: String, from state: inout State) {
        guard let entry = state.entries.removeValue(forKey: key) else { return }
        state.bytes -= entry.page.text.utf8.count
        state.order.removeAll { $0 == key }
        state.aliases = state.aliases.filter { $0.value != key }
    }

    /// How long a page may be shown again to anybody; nil if its server did not say so.
    static func freshness(of answer: HTTPAnswer) -> Duration? {
        let varies = answer.headers["vary"].contains { $0.contains("*") }
        // It was kept for so long by others on the way.
        let age = answer.only("age").flatMap { Int($0) } ?? 0
        guard !varies, let seconds = lifetime(answer.headers["cache-control"]), seconds > age else { return nil }
        return .seconds(min(seconds - max(0, age), 86400))
    }

    /// What a server allows everybody, in seconds.
    private static func lifetime(_ control: [String]) -> Int? {
        var directives: [String: String] = [:]
        for directive in control.flatMap({ $0.split(separator: ",") }) {
            let parts = directive.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
            guard let name = parts.first?.lowercased() else { continue }
            directives[name] = parts.count == 2 ? parts[1] : ""
        }
        let refusals = ["no-store", "no-cache", "private", "must-understand"]
        guard refusals.allSatisfy({ directives[$0] == nil }) else { return nil }
        return (directives["s-maxage"] ?? directives["max-age"]).flatMap { Int($0) }
    }
}
