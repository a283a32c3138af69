import Concurrency
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct FairLimiterTests {
    /// Lets callers queue one after the other while the only permit is taken, and says in which order they ran.
    ///
    /// Each runs for longer than queuing costs, so that it counts as one that ran.
    private static func order(
        of callers: [(client: String, session: String)],
        limiter: FairLimiter = FairLimiter(limit: 1, waitingMax: .seconds(60), refusal: Refusal())
    ) async throws -> [String] {
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (release, releasing) = AsyncStream<Never>.makeStream()
            group.addTask {
                try await limiter.withPermit(client: "holder", session: "holder") {
                    order.names.withLock { $0.append("holder") }
                    for await _ in release {}
                }
            }
            while order.names.withLock({ $0.isEmpty }) { await Task.yield() }
            for (index, (client, session)) in callers.enumerated() {
                group.addTask {
                    try await limiter.withPermit(client: client, session: session) {
                        order.names.withLock { $0.append(session) }
                        let end = ContinuousClock.now + .milliseconds(5)
                        while ContinuousClock.now < end { await Task.yield() }
                    }
                }
                while limiter.waitingCount <= index { await Task.yield() }
            }
            releasing.finish()
            try await group.waitForAll()
        }
        return order.names.withLock { Array($0.dropFirst()) }
    }

    @Test func `equals come in the order they asked`() async throws {
        let order = try await Self.order(of: [("a", "1"), ("a", "2"), ("a", "3")])
        #expect(order == ["1", "2", "3"])
    }

    @Test func `a session that ran comes after one that did not`() async throws {
        let order = try await Self.order(of: [("a", "greedy"), ("a", "greedy"), ("a", "good")])
        #expect(order == ["greedy", "good", "greedy"])
    }

    @Test func `a client that ran comes after one that did not, also where there is one permit`() async throws {
        let order = try await Self.order(of: [("many", "1"), ("many", "2"), ("one", "3")])
        #expect(order == ["1", "3", "2"])
    }

    @Test func `a client that has permits waits for one that has none`() async throws {
        let limiter = FairLimiter(limit: 2, waitingMax: .seconds(60), refusal: Refusal())
        try await limiter.withPermit(client: "many", session: "0") {
            let order = try await Self.order(of: [("many", "1"), ("many", "2"), ("one", "3")], limiter: limiter)
            #expect(order == ["3", "1", "2"])
        }
    }

    @Test func `a task that waits for too long is refused, and the others go on`() async throws {
        let limiter = FairLimiter(limit: 1, waitingMax: .milliseconds(10), refusal: Refusal())
        try await limiter.withPermit(client: "a", session: "1") {
            await #expect(throws: Refusal.self) { try await limiter.withPermit(client: "b", session: "2") {} }
            #expect(limiter.waitingCount == 0)
        }
        try await limiter.withPermit(client: "b", session: "2") {}
    }

    @Test func `a cancelled task leaves, and a body that throws gives its permit back`() async throws {
        let limiter = FairLimiter(limit: 1, waitingMax: .seconds(60), refusal: Refusal())
        try await limiter.withPermit(client: "a", session: "1") {
            let waiting = Task { try await limiter.withPermit(client: "a", session: "2") {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        await #expect(throws: Failure.self) {
            try await limiter.withPermit(client: "a", session: "1") { throw Failure() }
        }
        try await limiter.withPermit(client: "a", session: "3") {}
    }
}

private struct Refusal: Error {}
private struct Failure: Error {}

private final class Order: Sendable {
    let names = Mutex<[String]>([])
}
