import Concurrency
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct AsyncLimiterTests {
    @Test(arguments: [1, 3])
    func `no more tasks run than have a permit, and all run in the end`(limit: Int) async throws {
        let limiter = AsyncLimiter(limit: limit, waitingMax: 100, refusal: Refusal())
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await limiter.withPermit {
                        crowd.enter()
                        for _ in 0..<10 { await Task.yield() }
                        crowd.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(crowd.most <= limit && crowd.total == 50)
        #expect(limiter.waitingCount == 0)
    }

    @Test func `tasks get the permit in the order in which they came`() async throws {
        let limiter = AsyncLimiter(waitingMax: 10, refusal: Refusal())
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await limiter.withPermit {
                for number in 0..<10 {
                    group.addTask { try await limiter.withPermit { order.append(number) } }
                    while limiter.waitingCount <= number { await Task.yield() }
                }
            }
            try await group.waitForAll()
        }
        #expect(order.numbers == Array(0..<10))
    }

    @Test func `a task more than may wait is refused`() async throws {
        let limiter = AsyncLimiter(waitingMax: 0, refusal: Refusal())
        try await limiter.withPermit {
            _ = await #expect(throws: Refusal.self) { try await limiter.withPermit {} }
        }
        try await limiter.withPermit {}
    }

    @Test func `a task that is cancelled while it waits leaves, and the next gets the permit`() async throws {
        let limiter = AsyncLimiter(waitingMax: 2, refusal: Refusal())
        let next = try await limiter.withPermit {
            let waiting = Task { try await limiter.withPermit {} }
            while limiter.waitingCount < 1 { await Task.yield() }
            let next = Task { try await limiter.withPermit { true } }
            while limiter.waitingCount < 2 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(limiter.waitingCount == 1)
            return next
        }
        #expect(try await next.value)
    }

    @Test func `a body that throws gives its permit back`() async throws {
        let limiter = AsyncLimiter(waitingMax: 0, refusal: Refusal())
        await #expect(throws: Failure.self) { try await limiter.withPermit { throw Failure() } }
        try await limiter.withPermit {}
    }
}

private struct Refusal: Error {}
private struct Failure: Error {}

/// Counts the tasks that have a permit.
private final class Crowd: Sendable {
    private let inside = Mutex((now: 0, most: 0, total: 0))

    var most: Int { inside.withLock { $0.most } }
    var total: Int { inside.withLock { $0.total } }

    func enter() { inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) } }
    func leave() { inside.withLock { $0.now -= 1 } }
}

private final class Order: Sendable {
    private let kept = Mutex<[Int]>([])

    var numbers: [Int] { kept.withLock { $0 } }

    func append(_ number: Int) { kept.withLock { $0.append(number) } }
}
