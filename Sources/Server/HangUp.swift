internal import Concurrency
internal import Hummingbird

extension Request {
    /// Runs `operation` with a signal that ends when the client closes the connection.
    ///
    /// The connection cannot be used for another request afterwards: say so in the response, with `Connection: close`.
    func withHangUpSignal<Value: Sendable>(
        _ operation: (_ hangUp: AsyncStream<Never>) async throws -> Value
    ) async throws -> Value {
        let (hangUp, hangingUp) = AsyncStream<Never>.makeStream()
        return try await body.consumeWithInboundCloseHandler { _ in
            try await operation(hangUp)
        } onInboundClosed: {
            hangingUp.finish()
        }
    }

    /// Runs `operation`, and cancels it once the client closes the connection.
    ///
    /// The connection cannot be used for another request afterwards: say so in the response, with `Connection: close`.
    func cancellingOnHangUp<Value: Sendable>(
        _ operation: @escaping @Sendable () async -> Value
    ) async throws -> Value {
        try await withHangUpSignal { hangUp in await cancelling(when: hangUp, operation) }
    }
}
