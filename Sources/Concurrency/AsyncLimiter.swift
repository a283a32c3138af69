internal import Synchronization

/// Bounds how many tasks run a piece of code at a time, and lets further ones in by order of arrival.
///
/// A permit that is given back goes straight to the task that has waited longest, so that none can overtake it.
package final class AsyncLimiter: Sendable {
    private struct State {
        var running = 0
        var waiting: [Waiter] = []
    }

    private let limit: Int
    private let waitingMax: Int
    private let refusal: any Error
    private let state = Mutex(State())

    /// Gives out permits.
    ///
    /// - Parameters:
    ///   - limit: How many tasks have a permit at a time.
    ///   - waitingMax: How many further tasks may wait.
    ///   - refusal: What is thrown to a task that comes when so many wait.
    package init(limit: Int = 1, waitingMax: Int, refusal: any Error) {
        precondition(limit > 0, "a limiter with \(limit) permits")
        self.limit = limit
        self.waitingMax = waitingMax
        self.refusal = refusal
    }

    /// How many tasks wait.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for a permit, and gives it back when `body` ends.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits, the limiter's refusal if too many wait,
    ///   and what `body` throws.
    package func withPermit<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        try await takePermit()
        defer { giveBack() }
        return try await body()
    }

    private func takePermit() async throws {
        let waiter = Waiter()
        let early: Waiter.Answer? = state.withLock { state in
            if state.running < limit {
                state.running += 1
                return .enter
            }
            guard state.waiting.count < waitingMax else { return .refuse }
            state.waiting.append(waiter)
            return nil
        }
        let answer = if let early { early } else { await waiter.wait() }
        switch answer {
        case .enter: return
        case .refuse: throw refusal
        case .leave:
            state.withLock { state in state.waiting.removeAll { $0 === waiter } }
            throw CancellationError()
        }
    }

    private func giveBack() {
        state.withLock { state in
            while !state.waiting.isEmpty {
                // One that was just cancelled does not take it.
                if state.waiting.removeFirst().answer(.enter) { return }
            }
            state.running -= 1
        }
    }
}
