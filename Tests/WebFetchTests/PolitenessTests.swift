import Synchronization
import Testing

@testable import WebFetch

@Suite struct PolitenessTests {
    private func limits(_ change: (inout FetchLimits) -> Void) -> FetchLimits {
        var limits = FetchLimits.test
        change(&limits)
        return limits
    }

    @Test func `no more than so many are inside at a host, and everybody gets in`() async throws {
        let turns = HostTurns(limits: limits { _ in })
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await turns.take(at: "a.example") {
                        crowd.enter()
                        for _ in 0..<10 { await Task.yield() }
                        crowd.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(crowd.most <= 2 && crowd.total == 16)
    }

    @Test func `one host does not wait for another, and too many waiting are refused`() async throws {
        let turns = HostTurns(limits: limits { ($0.perHostMax, $0.perHostWaitingMax) = (1, 0) })
        try await turns.take(at: "a.example") {
            try await turns.take(at: "b.example") {}
            let error = await #expect(throws: FetchError.self) { try await turns.take(at: "a.example") {} }
            #expect(error?.code == .busy)
        }
        try await turns.take(at: "a.example") {}
    }

    @Test func `a pause lies between the beginnings at one host`() async throws {
        let turns = HostTurns(limits: limits { $0.perHostPause = .milliseconds(60) })
        let start = ContinuousClock.now
        for _ in 0..<3 { try await turns.take(at: "a.example") {} }
        #expect(ContinuousClock.now - start >= .milliseconds(120))
    }

    @Test func `whoever is cancelled while waiting leaves the line`() async throws {
        let turns = HostTurns(limits: limits { $0.perHostMax = 1 })
        try await turns.take(at: "a.example") {
            let waiting = Task { try await turns.take(at: "a.example") {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        try await turns.take(at: "a.example") {}
    }
}

/// Counts those who are inside.
private final class Crowd: Sendable {
    private let inside = Mutex((now: 0, most: 0, total: 0))

    var most: Int { inside.withLock(\.most) }
    var total: Int { inside.withLock(\.total) }

    func enter() { inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) } }
    func leave() { inside.withLock { $0.now -= 1 } }
}

@Suite struct PageCacheTests {
    private func page(_ text: String) -> FetchedPage {
        FetchedPage(
            requestedURL: "",
            finalURL: "",
            status: 200,
            contentType: "",
            kind: .plain,
            text: text,
            isTruncated: false,
            byteCount: text.utf8.count
        )
    }

    @Test(
        arguments: [
            (["max-age=60"], 60), (["public", "max-age=60"], 60), (["Max-Age=\"60\""], 60),
            (["max-age=60, s-maxage=5"], 5),
            (["max-age=99999999"], 86400), ([], nil), (["public"], nil), (["max-age=0"], nil), (["max-age=-1"], nil),
            (["max-age=x"], nil), (["max-age=60, no-store"], nil), (["max-age=60", "private"], nil),
            (["no-cache, max-age=9"], nil),
            (["private=\"set-cookie\", max-age=9"], nil),
        ] as [([String], Int?)]
    )
    func `a page is fresh for as long as its server allows everybody`(control: [String], seconds: Int?) {
        #expect(PageCache.freshness(control) == seconds.map { .seconds($0) })
    }

    @Test func `a page ends when its time is over, and so do its other names`() {
        let cache = PageCache(limits: FetchLimits())
        let now = ContinuousClock.now
        cache.keep(page("x"), at: "final", alias: "asked", control: ["max-age=10"], now: now)
        #expect(cache.page(at: "asked", now: now + .seconds(9))?.text == "x")
        #expect(cache.page(at: "final", now: now + .seconds(10)) == nil)
        #expect(cache.page(at: "asked", now: now) == nil)
    }

    @Test func `the oldest pages make room, and what is too large is not kept`() {
        var limits = FetchLimits()
        (limits.cachedPagesMax, limits.cachedBytesMax) = (2, 10)
        let cache = PageCache(limits: limits)
        for key in ["a", "b", "c"] { cache.keep(page("123"), at: key, alias: key, control: ["max-age=9"]) }
        #expect(cache.page(at: "a") == nil && cache.page(at: "b") != nil && cache.page(at: "c") != nil)
        cache.keep(page("12345678"), at: "d", alias: "d", control: ["max-age=9"])
        #expect(cache.page(at: "b") == nil && cache.page(at: "c") == nil && cache.page(at: "d") != nil)
        cache.keep(page("12345678901"), at: "e", alias: "e", control: ["max-age=9"])
        #expect(cache.page(at: "e") == nil && cache.page(at: "d") != nil)
        cache.keep(page("new"), at: "d", alias: "d", control: ["no-store"])
        #expect(cache.page(at: "d") == nil)
    }
}
