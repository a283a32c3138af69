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
    private let bodies: BodyReader
    private let connections = Mutex<[String: LegacyConnection]>([:])

    init(server: MCPServer, settings: ServerSettings, bodies: BodyReader) {
        self.server = server
        self.settings = settings
        self.bodies = bodies
    }

    /// Opens a stream.
    func open(_ request: Request, _ asking: ServerContext) throws(Problem) -> Response {
        let id = SessionName.minted()
        let session = try SessionName.key(of: request, client: asking.client(of: request), own: id)
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
        var logger = asking.logger
        logger[metadataKey: "session.id"] = "\(session)"
        // Without a host, as clients refuse an endpoint that spells it another way than they do.
        let endpoint = "\(prefix(of: request))/\(server.namespace.name)/messages/?session_id=\(connection.id)"
        return EventStream(request: request, keepAlive: settings.keepAlive, logger: logger).response { events in
            // Only now: a client that is gone before its response starts leaves nothing here.
            self.connections.withLock { $0[connection.id] = connection }
            await connection.serve(endpoint: endpoint, to: events)
        } onEnd: {
            self.connections.withLock { $0[connection.id] = nil }
            await connection.cleanUp()
        }
    }

    /// Takes in one message for an open stream.
    func post(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = request.uri.queryParameters["session_id"].map { String($0) } ?? ""
        guard let connection = connections.withLock({ $0[id] }) else {
            throw Problem(.notFound, "No open event stream has this session_id. Open one with GET /\(path).")
        }
        var request = request
        let body = try await bodies.read(&request, context)
        do {
            switch try await body.parsed({ try IncomingBody(parsing: $0) }) {
            case .message(let message): try connection.post(.message(message), body: body.share)
            case .batch(let elements): for element in elements { try connection.post(element, body: body.share) }
            }
        } catch let error as ProtocolError {
            throw Problem(.badRequest, error.message)
        }
        return Response(status: .accepted)
    }

    /// The path below which a proxy serves us, if it says so: `/tools` for `https://example.com/tools/python/sse`.
    private func prefix(of request: Request) -> String {
        let prefix = request.headers[.forwardedPrefix] ?? ""
        let isPath = prefix.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/-._~%".utf8.contains(byte)
            }
        }
        guard isPath, prefix.hasPrefix("/"), !prefix.hasPrefix("//") else { return "" }
        return String(prefix.reversed().drop { $0 == "/" }.reversed())
    }

    private var path: String { "\(server.namespace.name)/sse" }

    private func checkRoom() throws(Problem) {
        guard connections.withLock({ $0.count < settings.connectionsMax }) else {
            throw Problem(.serviceUnavailable, "Too many event streams are open. Close one, then try again.")
        }
    }
}
