internal import Synchronization

/// What the bodies of all requests may take together, so that no number of clients makes the process grow.
final class BodyBudget: Sendable {
    /// What a body may have without being counted: their number is bounded as that of sockets is, and a flood of large
    /// ones must not refuse small calls.
    static let freeBytes = 16 * 1024

    private let bytesMax: Int
    private let used = Mutex(0)

    /// Allows bodies of `bytesMax` bytes together, beside the free part of each.
    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// The share of one body, which has nothing yet.
    func share() -> Share { Share(of: self) }

    private func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard used + bytes <= bytesMax else { return false }
            used += bytes
            return true
        }
    }

    private func give(back bytes: Int) { used.withLock { $0 -= bytes } }

    /// What one body takes; given back when the last reference to the share is released.
    final class Share: Sendable {
        private let budget: BodyBudget
        private let counted = Mutex(0)

        fileprivate init(of budget: BodyBudget) {
            self.budget = budget
        }

        deinit { budget.give(back: counted.withLock(\.self)) }

        /// Makes the share enough for a body of `bytes`; false when there is no room.
        func grow(to bytes: Int) -> Bool {
            counted.withLock { counted in
                let more = max(0, bytes - BodyBudget.freeBytes) - counted
                guard more > 0 else { return true }
                guard budget.take(more) else { return false }
                counted += more
                return true
            }
        }
    }
}
