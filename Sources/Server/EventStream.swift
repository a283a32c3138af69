internal import AsyncAlgorithms
internal import Concurrency
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MCP
internal import NIOCore

/// A response that is a stream of events.
struct EventStream: Sendable {
    /// What the response is to; its connection closes after the stream, as that is watched for a hang-up.
    let request: Request
    let keepAlive: Duration
    let logger: Logger

    /// Answers with what `serve` sends, until it returns or the client hangs up, which cancels it.
    ///
    /// - Parameter onEnd: Called at the very end, however that came, in a task that a hang-up does not cancel.
    func response(
        headers: HTTPFields = [:],
        serve: @escaping @Sendable (EventChannel) async -> Void,
        onEnd: @escaping @Sendable () async -> Void = {}
    ) -> Response {
        var headers = headers
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        headers[.accelBuffering] = "no"
        headers[.connection] = "close"
        let body = ResponseBody { writer in
            let result: Result<Void, any Error>
            do {
                try await write(to: &writer, serve: serve)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await onEnd()
            try result.get()
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func write(
        to writer: inout any ResponseBodyWriter,
        serve: @escaping @Sendable (EventChannel) async -> Void
    ) async throws {
        let events = EventChannel()
        try await request.withHangUpSignal { hangUp in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await withLogger(logger) { _ in await cancelling(when: hangUp) { await serve(events) } }
                    events.finish()
                }
                group.addTask { await events.keepAlive(every: keepAlive) }
                defer { group.cancelAll() }
                for await buffer in events.buffers { try await writer.write(buffer) }
            }
        }
    }
}
