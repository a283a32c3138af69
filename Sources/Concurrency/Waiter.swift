internal import Synchronization

/// One task that waits for a permit, and is answered once.
final class Waiter: Sendable {
    enum Answer {
        /// It has the permit.
        case enter
        /// It was cancelled while it waited.
        case leave
        /// It waited for too long.
        case refuse
    }

    private enum State {
        case new
        case waiting(CheckedContinuation<Answer, Never>)
        case answered(Answer)
    }

    private let state = Mutex(State.new)

    /// Waits for the answer, which is ``Answer/leave`` once the task is cancelled.
    func wait() async -> Answer {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early: Answer? = state.withLock { state in
                    if case .answered(let answer) = state { return answer }
                    state = .waiting(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            answer(.leave)
        }
    }

    /// Ends the waiting; false if it had been answered before.
    @discardableResult
    func answer(_ answer: Answer) -> Bool {
        let before = state.withLock { state in
            let before = state
            if case .answered = before { return before }
            state = .answered(answer)
            return before
        }
        switch before {
        case .new: return true
        case .waiting(let continuation):
            continuation.resume(returning: answer)
            return true
        case .answered: return false
        }
    }
}
