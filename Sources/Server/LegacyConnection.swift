internal import HTTPTypes
internal import MCP
internal import ServiceLifecycle
internal import Synchronization

/// One open stream of the legacy transport, and what was posted to it.
final class LegacyConnection: Sendable {
    /// How many answers may wait for a client that does not read.
    private static let answersMax = 256

    private enum Work: Sendable {
        case send(OutgoingMessage)
        /// A request, and what its body takes of the memory for bodies.
        case run(RunningRequest, BodyBudget.Share)
    }

    let id: String
    private let server: MCPServer
    private let context: MCPContext
    // Bounded by the context's connection, and by counting answers.
    private let inbox: AsyncStream<Work>
    private let posting: AsyncStream<Work>.Continuation
    private let answersWaiting = Mutex(0)

    /// Opens a connection with an identity that only its client knows.
    init(id: String, server: MCPServer, context: MCPContext) {
        self.id = id
        self.server = server
        self.context = context
        (inbox, posting) = AsyncStream.makeStream()
    }

    /// Takes in what was posted, which is answered on the stream; never waits.
    func post(_ element: IncomingBody.Element, body: BodyBudget.Share) throws(Problem) {
        let result: AsyncStream<Work>.Continuation.YieldResult
        switch receive(element) {
        case .nothing:
            return
        case .answer(let answer):
            try countAnswer()
            result = posting.yield(.send(answer))
        case .running(let request):
            result = posting.yield(.run(request, body))
        }
        if case .terminated = result { throw Problem(.serviceUnavailable, "This connection is closing.") }
    }

    private func receive(_ element: IncomingBody.Element) -> MCPServer.Reception {
        switch element {
        case .message(let message): server.receive(message, in: context)
        case .failure(let failure): .answer(failure)
        }
    }

    /// Answers everything posted, until it is cancelled, or until the program stops and nothing is left to answer.
    func serve(endpoint: String, to events: EventChannel) async {
        await events.send(event: "endpoint", Array(endpoint.utf8))
        await withDiscardingTaskGroup { group in
            group.addTask { await self.closeOnShutdown() }
            for await work in inbox {
                group.addTask { await self.carryOut(work, events) }
            }
        }
    }

    /// Ends the connection's own session.
    func cleanUp() async {
        context.connection.close()
        posting.finish()
        let session = context.session
        if session.endsWithConnection { await server.namespace.cleanUp(session) }
    }

    private func countAnswer() throws(Problem) {
        let hasRoom = answersWaiting.withLock { waiting in
            guard waiting < Self.answersMax else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else {
            throw Problem(.serviceUnavailable, "Too many answers wait to be read from this connection.")
        }
    }

    private func carryOut(_ work: Work, _ events: EventChannel) async {
        switch work {
        case .send(let answer):
            await events.send(answer)
            answersWaiting.withLock { $0 -= 1 }
        case .run(let request, let body):
            await CallThreads.shared.run(for: .session(context.session.id)) {
                await request.run { await events.send($0) }
            }
            withExtendedLifetime(body) {}
        }
    }

    private func closeOnShutdown() async {
        do {
            try await gracefulShutdown()
            posting.finish()
            context.connection.endSubscriptions()
        } catch {
            // Cancelled: the connection has ended.
        }
    }
}
