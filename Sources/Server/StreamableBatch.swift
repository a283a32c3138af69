internal import Hummingbird
internal import Logging
internal import MCP
internal import Synchronization

/// Several messages of Streamable HTTP in one body, and their response.
struct StreamableBatch: Sendable {
    let server: MCPServer
    let request: Request
    let elements: [IncomingBody.Element]
    /// What the body takes of the memory for bodies, for as long as the messages are kept.
    let body: BodyBudget.Share
    let keepAlive: Duration
    let logger: Logger

    /// Carries all of them out at the same time; the answers come as they are ready.
    func respond(in context: MCPContext) async throws -> Response {
        let receptions = elements.map { element -> MCPServer.Reception in
            switch element {
            case .failure(let failure): .answer(failure)
            case .message(let message) where message.method == "initialize":
                .answer(.failure(StreamableBatch.handshake, to: message.id))
            case .message(let message): server.receive(message, in: context)
            }
        }
        let isAnswered = receptions.contains { reception in
            if case .nothing = reception { false } else { true }
        }
        guard isAnswered else { return Response(status: .accepted) }
        if request.acceptsEvents {
            return EventStream(request: request, keepAlive: keepAlive, logger: logger).response { events in
                await carryOut(receptions, in: context) { await events.send($0) }
            }
        }
        let answers = AnswerList()
        try await request.cancellingOnHangUp {
            await carryOut(receptions, in: context) { message in answers.add(message) }
        }
        // The connection has been watched for a hang-up, and cannot be used again.
        return Response(json: answers.json, headers: [.connection: "close"])
    }

    private func carryOut(
        _ receptions: [MCPServer.Reception],
        in context: MCPContext,
        send: @escaping @Sendable (OutgoingMessage) async -> Void
    ) async {
        await CallThreads.shared.run(for: .session(context.session.id)) {
            await withDiscardingTaskGroup { group in
                for reception in receptions {
                    switch reception {
                    case .nothing: break
                    case .answer(let answer): await send(answer)
                    case .running(let running): group.addTask { await running.run(send: send) }
                    }
                }
            }
        }
    }

    private static let handshake = ProtocolError(.invalidRequest, "initialize has to come alone, before anything else.")
}

extension Request {
    /// Whether the client can read a stream of events.
    var acceptsEvents: Bool { headers[values: .accept].contains { $0.contains("text/event-stream") } }
}

/// The answers to a batch whose client reads no events; notifications are dropped.
private final class AnswerList: Sendable {
    private let answers = Mutex<[[UInt8]]>([])

    func add(_ message: OutgoingMessage) {
        guard message.isAnswer else { return }
        answers.withLock { $0.append(message.bytes) }
    }

    /// All of them as one array.
    var json: [UInt8] {
        let joined = answers.withLock { $0.joined(separator: [UInt8(ascii: ",")]) }
        return [UInt8(ascii: "[")] + joined + [UInt8(ascii: "]")]
    }
}
