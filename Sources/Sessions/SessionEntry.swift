internal import Concurrency

/// A session in a registry, whether its state lives or its loss is still to be reported.
struct SessionEntry<State: SessionState> {
    let queue: AsyncLimiter
    /// Who opened it.
    let client: String
    /// What it reaches of the network, as its first use wished.
    var network: String
    /// The image that it has begun with, as its first use wished.
    var image: String
    var opening: Task<State, any Error>?
    var loss: SessionLoss?
    var opened = ContinuousClock.now
    var lastUse = ContinuousClock.now
    /// Calls that run or wait.
    var calls = 0
    /// Whether it holds anything, so that its end is a loss.
    var hasContent = false

    /// Whether it takes a place among the sessions.
    var isHeld: Bool { opening != nil || calls > 0 }

    /// What is left of it when it has ended: the next use hears of it.
    func lost(_ loss: SessionLoss) -> SessionEntry {
        SessionEntry(queue: queue, client: client, network: network, image: image, loss: loss)
    }

    func summary(of id: SessionID, at now: ContinuousClock.Instant) -> SessionSummary {
        SessionSummary(id: id, age: now - opened, idle: calls > 0 ? .zero : now - lastUse, calls: calls)
    }

    func candidate(as id: SessionID) -> SessionRoom<SessionID>.Candidate {
        .init(id: id, client: client, lastUse: lastUse, isBusy: calls > 0, hasContent: hasContent)
    }
}
