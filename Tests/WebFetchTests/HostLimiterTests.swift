import Synchronization
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct HostLimiterTests {
    @Test func `a host gets no more requests at a time than its limit, and all in the end`() async throws {
        let limiter = HostLimiter(limit: 2, waitingMax: 16)
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await limiter.withPermit(for: "a.example") {
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

    @Test func `one host does not wait for another, and a request too many is refused`() async throws {
        let limiter = HostLimiter(limit: 1, waitingMax: 0)
        try await limiter.withPermit(for: "a.example") {
            try await limiter.withPermit(for: "b.example") {}
            let error = await #expect(throws: FetchError.self) { try await limiter.withPermit(for: "a.example") {} }
            #expect(error?.code == .busy)
        }
        try await limiter.withPermit(for: "a.example") {}
    }

    @Test func `a pause lies between the beginnings at one host`() async throws {
        let limiter = HostLimiter(limit: 2, waitingMax: 0, pause: .milliseconds(60))
        let start = ContinuousClock.now
        for _ in 0..<3 { try await limiter.withPermit(for: "a.example") {} }
        #expect(ContinuousClock.now - start >= .milliseconds(120))
    }

    @Test func `a task that is cancelled while it waits leaves the queue`() async throws {
        let limiter = HostLimiter(limit: 1, waitingMax: 1)
        try await limiter.withPermit(for: "a.example") {
            let waiting = Task { try await limiter.withPermit(for: "a.example") {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        try await limiter.withPermit(for: "a.example") {}
    }
}

/// Counts the requests under way.
private final class Crowd: Sendable {
    private let inside = Mutex((now: 0, most: 0, total: 0))

    var most: Int { inside.withLock(\.most) }
    var total: Int { inside.withLock(\.total) }

    func enter() { inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) } }
    func leave() { inside.withLock { $0.now -= 1 } }
}
