internal import Synchronization

/// Bounds how many tasks run at a time, and shares the permits out among clients and their sessions.
///
/// A free permit goes to the client that has fewest; of several to the one that ran least since all had to wait, and of
/// its sessions to the one that ran least; of equals the first comes first.
package final class FairLimiter: Sendable {
    fileprivate struct Entry {
        let number: UInt64
        let client: String
        let session: String
        let waiter: Waiter
    }

    fileprivate struct State {
        var running = 0
        var runningByClient: [String: Int] = [:]
        /// How long sessions have run, and clients; kept while a task waits.
        var used: [String: Duration] = [:]
        var usedByClient: [String: Duration] = [:]
        var waiting: [Entry] = []
        var count: UInt64 = 0
    }

    private let limit: Int
    private let waitingMax: Duration
    private let refusal: any Error
    private let state = Mutex(State())

    /// When more sessions than these have run while others waited, all begin at zero again.
    fileprivate static let usedMax = 4096

    /// Gives out permits.
    ///
    /// - Parameters:
    ///   - limit: How many tasks have a permit at a time.
    ///   - waitingMax: How long a task may wait for one.
    ///   - refusal: What is thrown to a task that has waited for so long.
    package init(limit: Int, waitingMax: Duration, refusal: any Error) {
        precondition(limit > 0, "a limiter with \(limit) permits")
        self.limit = limit
        self.waitingMax = waitingMax
        self.refusal = refusal
    }

    /// How many tasks wait.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for a permit, and gives it back when `body` ends.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits, the limiter's refusal if it waits for too
    ///   long, and what `body` throws.
    package func withPermit<Value: Sendable>(
        client: String,
        session: String,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let waiter = Waiter()
        if !state.withLock({ $0.enter(limit: limit, client: client, session: session, waiter) }) {
            try await wait(as: waiter)
        }
        let start = ContinuousClock.now
        defer { giveBack(client, session, after: ContinuousClock.now - start) }
        return try await body()
    }

    private func wait(as waiter: Waiter) async throws {
        // Ends with the waiting.
        let timer = Task { [waitingMax] in
            try await Task.sleep(for: waitingMax)
            waiter.answer(.refuse)
        }
        defer { timer.cancel() }
        let answer = await waiter.wait()
        if answer != .enter { state.withLock { state in state.waiting.removeAll { $0.waiter === waiter } } }
        switch answer {
        case .enter: return
        case .leave: throw CancellationError()
        case .refuse: throw refusal
        }
    }

    private func giveBack(_ client: String, _ session: String, after duration: Duration) {
        state.withLock { state in
            state.leave(client)
            state.charge(duration, to: client, session: session)
            state.admitNext()
        }
    }
}

extension FairLimiter.State {
    /// Whether the task enters at once; else it waits as `waiter`.
    fileprivate mutating func enter(limit: Int, client: String, session: String, _ waiter: Waiter) -> Bool {
        guard running >= limit else {
            running += 1
            runningByClient[client, default: 0] += 1
            return true
        }
        count += 1
        waiting.append(.init(number: count, client: client, session: session, waiter: waiter))
        return false
    }

    fileprivate mutating func leave(_ client: String) {
        running -= 1
        let left = runningByClient[client, default: 1] - 1
        runningByClient[client] = left > 0 ? left : nil
    }

    fileprivate mutating func charge(_ duration: Duration, to client: String, session: String) {
        if waiting.isEmpty || used.count >= FairLimiter.usedMax { (used, usedByClient) = ([:], [:]) }
        guard !waiting.isEmpty else { return }
        used[session, default: .zero] += duration
        usedByClient[client, default: .zero] += duration
    }

    /// Gives the free permit to the task that comes next.
    fileprivate mutating func admitNext() {
        while let index = waiting.indices.min(by: { share(of: waiting[$0]) < share(of: waiting[$1]) }) {
            let next = waiting.remove(at: index)
            // One that was just cancelled or refused does not take it.
            guard next.waiter.answer(.enter) else { continue }
            running += 1
            runningByClient[next.client, default: 0] += 1
            return
        }
    }

    private func share(of entry: FairLimiter.Entry) -> (Int, Duration, Duration, UInt64) {
        (
            runningByClient[entry.client, default: 0], usedByClient[entry.client, default: .zero],
            used[entry.session, default: .zero], entry.number
        )
    }
}
