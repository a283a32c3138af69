internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MCP
internal import Synchronization

/// HTTP with server-sent events, the transport of MCP's first version and of today's serving layers: requests are
/// posted, and everything is answered on one stream of events.
final class LegacyRoute: Sendable {
    private let server: MCPServer
    private let settings: ServerSettings
    private let connections = Mutex<[String: LegacyConnection]>([:])

    init(server: MCPServer, settings: ServerSettings) {
        self.server = server
        self.settings = settings
    }

    /// Opens a stream.
    func open(_ request: Request, logger: Logger) throws(Problem) -> Response {
        let id = SessionName.minted()
        let session = try SessionName.key(of: request, own: id)
        try checkRoom()
        let context = MCPContext(
            session: session,
            connection: MCPConnection(requestsMax: settings.requestsMax),
            // A serving layer ends a session that it named by header with this tool, and lists the tools again after
            // each call of one that is not listed. Others would offer it to their models.
            listsCleanUp: request.headers[.clientSession] != nil,
            streamDetails: StreamHeader.details(in: request.headers)
        )
        let connection = LegacyConnection(id: id, server: server, context: context)
        var logger = logger
        logger[metadataKey: "session.id"] = "\(session)"
        // Relative, as clients refuse an endpoint that spells the host another way than they do.
        let endpoint = "/\(server.namespace.name)/messages/?session_id=\(connection.id)"
        return EventStream(request: request, keepAlive: settings.keepAlive, logger: logger).response { events in
            // Only now: a client that is gone before its response starts leaves nothing behind.
            self.connections.withLock { $0[connection.id] = connection }
            await connection.serve(endpoint: endpoint, to: events)
        } onEnd: {
            self.connections.withLock { $0[connection.id] = nil }
            await connection.cleanUp()
        }
    }

    /// Takes in one message for an open stream.
    func post(_ request: Request) async throws -> Response {
        let id = request.uri.queryParameters["session_id"].map { String($0) } ?? ""
        guard let connection = connections.withLock({ $0[id] }) else {
            throw Problem(.notFound, "No open event stream has this session_id. Open one with GET /\(path).")
        }
        var request = request
        let bytes = try await request.readBody(upTo: settings.bodyBytesMax)
        do {
            try connection.post(try IncomingMessage(parsing: bytes))
        } catch let error as ProtocolError {
            throw Problem(.badRequest, error.message)
        }
        return Response(status: .accepted)
    }

    private var path: String { "\(server.namespace.name)/sse" }

    private func checkRoom() throws(Problem) {
        guard connections.withLock({ $0.count < settings.connectionsMax }) else {
            throw Problem(.serviceUnavailable, "Too many event streams are open. Close one, then try again.")
        }
    }
}
