import Synchronization
import TestSupport
import Testing

@testable import Sandbox

@Suite(.bounded) struct RunningPlacesTests {
    /// Lets callers line up one after the other while the only place is taken, and says in which order they ran.
    ///
    /// Each runs for longer than the line costs, so that it counts as one that ran.
    private static func order(
        of callers: [(client: String, session: String)],
        places: RunningPlaces = RunningPlaces(count: 1, waitingMax: .seconds(60))
    ) async throws -> [String] {
        let order = Order()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (release, releasing) = AsyncStream<Never>.makeStream()
            group.addTask {
                try await places.take(client: "holder", session: "holder") {
                    order.names.withLock { $0.append("holder") }
                    for await _ in release {}
                }
            }
            while order.names.withLock({ $0.isEmpty }) { await Task.yield() }
            for (index, (client, session)) in callers.enumerated() {
                group.addTask {
                    try await places.take(client: client, session: session) {
                        order.names.withLock { $0.append(session) }
                        let end = ContinuousClock.now + .milliseconds(5)
                        while ContinuousClock.now < end { await Task.yield() }
                    }
                }
                while places.waitingCount <= index { await Task.yield() }
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

    @Test func `a client that ran comes after one that did not, also where there is one place`() async throws {
        let order = try await Self.order(of: [("many", "1"), ("many", "2"), ("one", "3")])
        #expect(order == ["1", "3", "2"])
    }

    @Test func `a client that has places waits for one that has none`() async throws {
        let places = RunningPlaces(count: 2, waitingMax: .seconds(60))
        try await places.take(client: "many", session: "0") {
            let order = try await Self.order(of: [("many", "1"), ("many", "2"), ("one", "3")], places: places)
            #expect(order == ["3", "1", "2"])
        }
    }

    @Test func `who waits for too long is refused, and the line goes on`() async throws {
        let places = RunningPlaces(count: 1, waitingMax: .milliseconds(10))
        try await places.take(client: "a", session: "1") {
            let error = await #expect(throws: RunError.self) { try await places.take(client: "b", session: "2") {} }
            #expect(error?.code == .noPlaceInTime)
            #expect(places.waitingCount == 0)
        }
        try await places.take(client: "b", session: "2") {}
    }

    @Test func `who is cancelled while waiting leaves, and a body that throws gives its place back`() async throws {
        let places = RunningPlaces(count: 1, waitingMax: .seconds(60))
        try await places.take(client: "a", session: "1") {
            let waiting = Task { try await places.take(client: "a", session: "2") {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        await #expect(throws: RunError.self) {
            try await places.take(client: "a", session: "1") { throw RunError(.sessionLost) }
        }
        try await places.take(client: "a", session: "3") {}
    }
}

private final class Order: Sendable {
    let names = Mutex<[String]>([])
}
