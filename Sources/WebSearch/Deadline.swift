/// Waits as long as it is told to, or until nobody wants it to any more.
package typealias Pause = @Sendable (Duration) async throws -> Void

/// The value of `body`, or nil if `limit` is over before; then `body` is cancelled, and waited for.
func within<Value: Sendable>(
    _ limit: Duration,
    pause: @escaping Pause = { try await Task.sleep(for: $0) },
    _ body: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await body() }
        group.addTask {
            // Cancelled is the same as over: nobody waits for the value any more.
            try? await pause(limit)
            return nil
        }
        let first = await group.next()
        group.cancelAll()
        return first ?? nil
    }
}
