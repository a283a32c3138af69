internal import Synchronization

/// Lets so many callers in at a time, in the order they came.
final class Turns: Sendable {
    private enum Answer { case enter, leave, refuse }

    private struct State {
        var inside = 0
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Answer, Never>)] = []
        var nextID: UInt64 = 0
    }

    private let insideMax: Int
    private let waitingMax: Int
    private let state = Mutex(State())

    /// Lets `insideMax` in; at most `waitingMax` wait, and a further one is refused.
    init(insideMax: Int = 1, waitingMax: Int) {
        self.insideMax = insideMax
        self.waitingMax = waitingMax
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for the turn, and gives it up when `body` ends. Throws `CancellationError` if cancelled while waiting.
    func take<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await wait()
        defer { pass() }
        return try await body()
    }

    private func wait() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in enter(id, continuation) }
        } onCancel: {
            leave(id)
        }
        switch answer {
        case .enter: return
        case .leave: throw CancellationError()
        case .refuse: throw RunError(.tooManyWaiting)
        }
    }

    private func enter(_ id: UInt64, _ continuation: CheckedContinuation<Answer, Never>) {
        let answer: Answer? = state.withLock { state in
            if Task.isCancelled { return .leave }
            if state.inside < insideMax {
                state.inside += 1
                return .enter
            }
            guard state.waiting.count < waitingMax else { return .refuse }
            state.waiting.append((id, continuation))
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func leave(_ id: UInt64) {
        let continuation = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
        }
        continuation?.resume(returning: .leave)
    }

    private func pass() {
        let next: CheckedContinuation<Answer, Never>? = state.withLock { state in
            // The place goes straight to the next, so that nobody who comes now is before.
            if !state.waiting.isEmpty { return state.waiting.removeFirst().continuation }
            state.inside -= 1
            return nil
        }
        next?.resume(returning: .enter)
    }
}
