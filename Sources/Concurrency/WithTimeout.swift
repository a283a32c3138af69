/// Waits for a duration, as `Task.sleep(for:)` does; a test may put a faster clock in its place.
package typealias Sleep = @Sendable (Duration) async throws -> Void

/// Runs `body` for at most `limit`; then cancels it, and waits for its end.
///
/// - Returns: What `body` returns; nil if the time was over before.
/// - Throws: What `body` throws, and `CancellationError` if the caller is cancelled meanwhile.
package func withTimeout<Value: Sendable>(
    _ limit: Duration,
    sleep: @escaping Sleep = { try await Task.sleep(for: $0) },
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await body() }
        group.addTask {
            try await sleep(limit)
            return nil
        }
        return try await group.next() ?? nil
    }
}
