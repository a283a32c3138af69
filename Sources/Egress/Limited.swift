/// What `body` returns, or nil if that takes longer than `time`; `body` is cancelled then, and waited for.
package func limited<Value: Sendable>(
    to time: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: time)
            return nil
        }
        return try await group.next() ?? nil
    }
}
