internal import MCP
internal import ServiceLifecycle

/// Runs `operation`, and ends the connection's subscriptions once the program is asked to stop.
func endingSubscriptionsOnShutdown(
    of connection: MCPConnection,
    _ operation: @escaping @Sendable () async -> Void
) async {
    await withTaskGroup(of: Void.self) { group in
        group.addTask {
            do {
                try await gracefulShutdown()
                connection.endSubscriptions()
            } catch {
                // Cancelled: the subscription has ended.
            }
        }
        await operation()
        group.cancelAll()
    }
}
