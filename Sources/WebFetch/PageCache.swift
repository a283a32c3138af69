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

    /// Keeps `page`, found at `key` on the way from `alias`, for as long as `control` allows.
    func keep(
        _ page: FetchedPage,
        at key: String,
        alias: String,
        control: [String],
        now: ContinuousClock.Instant = .now
    ) {
        let size = page.text.utf8.count
        state.withLock { state in
            remove(key, from: &state)
            guard let time = PageCache.freshness(control), size <= bytesMax, pagesMax > 0 else { return }
            while state.order.count >= pagesMax || state.bytes + size > bytesMax, let oldest = state.order.first {
                remove(oldest, from: &state)
            }
            state.entries[key] = Entry(page: page, expires: now + time)
            state.order.append(key)
            state.bytes += size
            if alias != key { state.aliases[alias] = key }
        }
    }

    private func remove(_ key: String, from state: inout State) {
        guard let entry = state.entries.removeValue(forKey: key) else { return }
        state.bytes -= entry.page.text.utf8.count
        state.order.removeAll { $0 == key }
        state.aliases = state.aliases.filter { $0.value != key }
    }

    /// How long a page may be shown again to anybody; nil if its server did not say so.
    static func freshness(_ control: [String]) -> Duration? {
        var directives: [String: String] = [:]
        for directive in control.flatMap({ $0.split(separator: ",") }) {
            let parts = directive.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
            guard let name = parts.first?.lowercased() else { continue }
            directives[name] = parts.count == 2 ? parts[1] : ""
        }
        let refusals = ["no-store", "no-cache", "private", "must-understand"]
        guard refusals.allSatisfy({ directives[$0] == nil }) else { return nil }
        guard let seconds = (directives["s-maxage"] ?? directives["max-age"]).flatMap({ Int($0) }), seconds > 0 else {
            return nil
        }
        return .seconds(min(seconds, 86400))
    }
}
