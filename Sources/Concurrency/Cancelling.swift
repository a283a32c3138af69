/// Runs `operation`, and cancels it once `signal` ends.
///
/// - Returns: What `operation` returns, also when it was cancelled.
package func cancelling<Value: Sendable>(
    when signal: AsyncStream<Never>,
    _ operation: @escaping @Sendable () async -> Value
) async -> Value {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            for await _ in signal {}
            return nil
        }
        while let value = await group.next() {
            group.cancelAll()
            if let value { return value }
        }
        preconditionFailure("an operation ended without a value")
    }
}
