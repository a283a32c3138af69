import AsyncAlgorithms

/// What did not happen in time.
struct TooLate: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "nothing came within \(limit)" }
}

/// Cancels `body` and throws ``TooLate`` when it takes longer than `limit`.
func within<Value: Sendable>(
    _ limit: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await body() }
        group.addTask {
            for await _ in AsyncTimerSequence.repeating(every: limit) { break }
            try Task.checkCancellation()
            throw TooLate(limit: limit)
        }
        guard let value = try await group.next() else { throw TooLate(limit: limit) }
        return value
    }
}

/// Whether `condition` comes to hold, looking often and giving up after `limit`.
func eventually(within limit: Duration = .seconds(10), _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + limit
    if try await condition() { return true }
    for await _ in AsyncTimerSequence.repeating(every: .milliseconds(20)) {
        if try await condition() { return true }
        if ContinuousClock.now > end { break }
    }
    return false
}
