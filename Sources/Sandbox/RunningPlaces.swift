internal import Synchronization

/// The places to run a cell, shared out among clients and their sessions.
///
/// A free place goes to the client that has fewest, of several to the one that ran least since all had to wait, and of its
/// sessions to the one that ran least; of equals the first comes first.
final class RunningPlaces: Sendable {
    private enum Answer { case enter, leave, refuse }

    private struct Waiting {
        let id: UInt64
        let client: String
        let session: String
        let continuation: CheckedContinuation<Answer, Never>
    }

    private struct State {
        var inside = 0
        var insideByClient: [String: Int] = [:]
        /// How long sessions have run, and clients; kept while a cell waits.
        var used: [String: Duration] = [:]
        var usedByClient: [String: Duration] = [:]
        var waiting: [Waiting] = []
        var nextID: UInt64 = 0

        mutating func enter(_ client: String, of count: Int) -> Bool {
            guard inside < count else { return false }
            inside += 1
            insideByClient[client, default: 0] += 1
            return true
        }

        mutating func leave(_ client: String) {
            inside -= 1
            let left = insideByClient[client, default: 1] - 1
            insideByClient[client] = left > 0 ? left : nil
        }

        /// Gives a place to the cell that comes next, and takes it out of the line.
        mutating func takeNext() -> CheckedContinuation<Answer, Never>? {
            let index = waiting.indices.min { share(of: waiting[$0]) < share(of: waiting[$1]) }
            guard let index else { return nil }
            let next = waiting.remove(at: index)
            inside += 1
            insideByClient[next.client, default: 0] += 1
            return next.continuation
        }

        mutating func charge(_ client: String, _ session: String, _ duration: Duration) {
            if waiting.isEmpty || used.count >= RunningPlaces.usedMax { (used, usedByClient) = ([:], [:]) }
            guard !waiting.isEmpty else { return }
            used[session, default: .zero] += duration
            usedByClient[client, default: .zero] += duration
        }

        private func share(of waiting: Waiting) -> (Int, Duration, Duration, UInt64) {
            (
                insideByClient[waiting.client, default: 0], usedByClient[waiting.client, default: .zero],
                used[waiting.session, default: .zero], waiting.id
            )
        }
    }

    private let count: Int
    private let waitingMax: Duration
    private let state = Mutex(State())

    /// More sessions than these have run while others waited: then all begin at none again.
    private static let usedMax = 4096

    /// Has `count` places; who has waited for one for `waitingMax` is refused.
    init(count: Int, waitingMax: Duration) {
        self.count = count
        self.waitingMax = waitingMax
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for a place, and gives it up when `body` ends.
    ///
    /// Throws `CancellationError` if cancelled while waiting, and ``RunError/Code/noPlaceInTime``.
    func take<Value: Sendable>(
        client: String,
        session: String,
        _ body: () async throws -> Value
    ) async throws -> Value {
        if !state.withLock({ $0.enter(client, of: count) }) { try await wait(client, session) }
        let start = ContinuousClock.now
        defer { pass(client, session, after: ContinuousClock.now - start) }
        return try await body()
    }

    private func wait(_ client: String, _ session: String) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        // Ends with the waiting.
        let timer = Task {
            try await Task.sleep(for: waitingMax)
            leave(id, .refuse)
        }
        defer { timer.cancel() }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                line(up: Waiting(id: id, client: client, session: session, continuation: continuation))
            }
        } onCancel: {
            leave(id, .leave)
        }
        switch answer {
        case .enter: return
        case .leave: throw CancellationError()
        case .refuse: throw RunError(.noPlaceInTime)
        }
    }

    private func line(up waiting: Waiting) {
        let answer: Answer? = state.withLock { state in
            if Task.isCancelled { return .leave }
            if state.enter(waiting.client, of: count) { return .enter }
            state.waiting.append(waiting)
            return nil
        }
        if let answer { waiting.continuation.resume(returning: answer) }
    }

    private func leave(_ id: UInt64, _ answer: Answer) {
        let continuation = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
        }
        continuation?.resume(returning: answer)
    }

    private func pass(_ client: String, _ session: String, after duration: Duration) {
        let next = state.withLock { state in
            state.leave(client)
            state.charge(client, session, duration)
            return state.takeNext()
        }
        next?.resume(returning: .enter)
    }
}
