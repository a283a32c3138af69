import Synchronization
import TestSupport
import Testing

@testable import Sandbox

@Suite(.bounded) struct TurnsTests {
    @Test func `one at a time, and all get their turn`() async throws {
        let turns = Turns(waitingMax: 100)
        let inside = Counter()
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await turns.take {
                        let now = inside.add(1)
                        await Task.yield()
                        _ = inside.add(-1)
                        return now
                    }
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(done == Array(repeating: 1, count: 50))
    }

    @Test func `one more than may wait is refused`() async throws {
        let turns = Turns(waitingMax: 0)
        let error = try await turns.take {
            await #expect(throws: RunError.self) { try await turns.take {} }
        }
        #expect(error?.code == .tooManyWaiting)
    }

    @Test func `who is cancelled while waiting leaves, and the turn goes on`() async throws {
        let turns = Turns(waitingMax: 1)
        try await turns.take {
            let waiting = Task { try await turns.take {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        try await turns.take {}
    }

    @Test func `a body that throws gives its turn back`() async throws {
        let turns = Turns(waitingMax: 1)
        await #expect(throws: CancellationError.self) { try await turns.take { throw CancellationError() } }
        try await turns.take {}
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func add(_ number: Int) -> Int {
        value.withLock { value in
            value += number
            return value
        }
    }
}
