internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MCP

/// Streamable HTTP: every request is posted to one path and answered in its own response.
///
/// The header `MCP-Protocol-Version` distinguishes clients with a handshake, which have a session, from those without.
struct StreamableRoute: Sendable {
    private let server: MCPServer
    private let settings: ServerSettings
    private let bodies: BodyReader
    private let sessions: MCPSessions

    init(server: MCPServer, settings: ServerSettings, bodies: BodyReader) {
        self.server = server
        self.settings = settings
        self.bodies = bodies
        sessions = MCPSessions(settings: settings)
    }

    /// Answers one message; what is wrong with it is an error of JSON-RPC.
    func post(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        var id: MCP.RequestID?  // Hummingbird has one too.
        do {
            let body = try await bodies.read(&request, context)
            switch try await body.parsed({ try IncomingBody(parsing: $0) }) {
            case .batch(let elements):
                return try await respond(to: elements, of: request, body.share, context)
            case .message(let message):
                id = message.id
                let exchange = StreamableExchange(
                    server: server,
                    request: request,
                    message: message,
                    body: body.share,
                    keepAlive: settings.keepAlive,
                    client: context.client(of: request),
                    logger: context.logger
                )
                guard try exchange.hasHandshake() else { return try await exchange.respondAlone() }
                return try await respond(to: exchange, from: context.peer)
            }
        } catch let error as ProtocolError {
            return Response(.failure(error, to: id), status: error.code.statusWithoutHandshake)
        } catch let problem as Problem {
            let error = ProtocolError(.invalidRequest, problem.sentence)
            return Response(.failure(error, to: id), status: problem.status, headers: problem.headers)
        }
    }

    /// Ends a session.
    func delete(_ request: Request) async throws -> Response {
        guard Self.hasHandshake(request) else { throw Problem.methodNotAllowed([.post]) }
        guard let id = request.headers[.mcpSession] else { throw Self.missingSession }
        guard sessions.end(id) else { throw Self.unknownSession }
        await cleanUp(id)
        return Response(status: .noContent)
    }

    /// Refuses a stream besides the responses: the server sends nothing that was not requested.
    func get(_ request: Request) throws -> Response {
        throw Problem.methodNotAllowed(Self.hasHandshake(request) ? [.post, .delete] : [.post])
    }

    private func respond(to exchange: StreamableExchange, from peer: String) async throws -> Response {
        if exchange.message.id != nil, exchange.message.method == "initialize" {
            let (id, ended) = try sessions.open(for: peer)
            for id in ended { await cleanUp(id) }
            let context = try exchange.context(own: id, MCPConnection(), .november2025)
            return try await exchange.respond(in: context, headers: [.mcpSession: id])
        }
        let (id, connection) = try session(of: exchange.request, callsTool: exchange.message.method == "tools/call")
        return try await exchange.respond(in: exchange.context(own: id, connection, .november2025))
    }

    private func respond(
        to elements: [IncomingBody.Element],
        of request: Request,
        _ body: BodyBudget.Share,
        _ context: ServerContext
    ) async throws -> Response {
        guard Self.hasHandshake(request) else {
            throw ProtocolError(.invalidRequest, "A message has to be one JSON object.")
        }
        let (id, connection) = try session(of: request, callsTool: true)
        let batch = StreamableBatch(
            server: server,
            request: request,
            elements: elements,
            body: body,
            keepAlive: settings.keepAlive,
            logger: context.logger
        )
        return try await batch.respond(
            in: MCPContext(
                session: try SessionName.key(of: request, client: context.client(of: request), own: id),
                connection: connection,
                version: .november2025,
                streamDetails: StreamHeader.details(in: request.headers)
            )
        )
    }

    private func session(
        of request: Request,
        callsTool: Bool
    ) throws(Problem) -> (id: String, connection: MCPConnection) {
        guard let id = request.headers[.mcpSession] else { throw Self.missingSession }
        guard let connection = sessions.use(id, callsTool: callsTool) else { throw Self.unknownSession }
        return (id, connection)
    }

    private func cleanUp(_ id: String) async {
        // Only the session's client can name it, and not once the session has ended.
        await server.namespace.cleanUp(SessionKey(id: id, endsWithConnection: true))
    }

    private static func hasHandshake(_ request: Request) -> Bool {
        request.headers[.protocolVersion].flatMap(ProtocolVersion.init(rawValue:))?.hasHandshake ?? true
    }

    private static let missingSession = Problem(.badRequest, "Mcp-Session-Id is missing. Send initialize first.")
    private static let unknownSession = Problem(.notFound, "This Mcp-Session-Id has ended. Send initialize again.")
}
