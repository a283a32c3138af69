/// Runs `operation`, and cancels it once `signal` ends; returns when the operation has.
package func cancelling(
    when signal: AsyncStream<Never>,
    _ operation: @escaping @Sendable () async -> Void
) async {
    await withDiscardingTaskGroup { group in
        let (ended, end) = AsyncStream<Never>.makeStream()
        group.addTask {
            for await _ in signal {}
            end.finish()
        }
        group.addTask {
            await operation()
            end.finish()
        }
        for await _ in ended {}
        group.cancelAll()
    }
}
