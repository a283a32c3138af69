internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MCP
internal import Synchronization

/// One message of Streamable HTTP and its response.
struct StreamableExchange: Sendable {
    let server: MCPServer
    let request: Request
    let message: IncomingMessage
    /// What the body takes of the memory for bodies, for as long as the message is kept.
    let body: BodyBudget.Share
    let keepAlive: Duration
    let client: String
    let logger: Logger

    /// Whether the header says that the client shook hands; a client that sends none is from before there was one.
    func hasHandshake() throws(ProtocolError) -> Bool {
        guard let header = request.headers[.protocolVersion] else { return true }
        guard let version = ProtocolVersion(rawValue: header) else { throw .unsupportedVersion(header) }
        return version.hasHandshake
    }

    /// Answers a request that stands alone, on a session that ends with it unless its headers name one.
    func respondAlone() async throws -> Response {
        try checkHeaders()
        let context = try context(own: SessionName.minted(), MCPConnection(), .july2026)
        guard message.method != "server/discover" || !context.session.endsWithConnection else {
            throw ProtocolError.sessionNeeded
        }
        return try await respond(in: context)
    }

    /// What the request says beside its message, to a client whose session is `own` unless it names one.
    func context(
        own: String,
        _ connection: MCPConnection,
        _ version: ProtocolVersion
    ) throws(Problem) -> MCPContext {
        MCPContext(
            session: try SessionName.key(of: request, client: client, own: own),
            connection: connection,
            version: version,
            streamDetails: StreamHeader.details(in: request.headers)
        )
    }

    /// Answers with an event stream what takes time, where the client can read one, and with JSON everything else.
    func respond(in context: MCPContext, headers: HTTPFields = [:]) async throws -> Response {
        switch server.receive(message, in: context) {
        case .nothing:
            return Response(status: .accepted, headers: headers)
        case .answer(let answer):
            return Response(answer, status: status(of: answer, in: context), headers: headers)
        case .running(let running) where request.acceptsEvents || running.isSubscription:
            var logger = logger
            logger[metadataKey: "session.id"] = "\(context.session)"
            return EventStream(request: request, keepAlive: keepAlive, logger: logger).response(headers: headers) {
                await run(running, in: context, to: $0)
            } onEnd: {
                await end(context)
            }
        case .running(let running):
            let answer = try await CallThreads.shared.run(for: .session(context.session.id)) {
                try await self.answer(of: running)
            }
            await end(context)
            guard let answer else { return Response(status: .accepted, headers: headers) }
            // The connection has been watched for a hang-up, and cannot be used again.
            return Response(answer, status: .ok, headers: headers + [.connection: "close"])
        }
    }

    private func run(_ running: RunningRequest, in context: MCPContext, to events: EventChannel) async {
        guard running.isSubscription else {
            return await CallThreads.shared.run(for: .session(context.session.id)) {
                await running.run { await events.send($0) }
            }
        }
        await endingSubscriptionsOnShutdown(of: context.connection) {
            await running.run { await events.send($0) }
        }
    }

    private func answer(of running: RunningRequest) async throws -> OutgoingMessage? {
        try await request.cancellingOnHangUp {
            let last = LastMessage()
            await running.run { message in last.value.withLock { $0 = message } }
            return last.value.withLock { $0 }
        }
    }

    private func end(_ context: MCPContext) async {
        // A session with a handshake outlives its requests.
        guard context.version?.hasHandshake == false, context.session.endsWithConnection else { return }
        await server.namespace.cleanUp(context.session)
    }

    /// Clients with a handshake take anything but 200 for the end of their connection.
    private func status(of answer: OutgoingMessage, in context: MCPContext) -> HTTPResponse.Status {
        guard context.version?.hasHandshake == false, let code = answer.errorCode else { return .ok }
        return code.statusWithoutHandshake
    }
}

extension ProtocolError.Code {
    /// The HTTP status for a client without a handshake.
    var statusWithoutHandshake: HTTPResponse.Status {
        switch self {
        case .methodNotFound: .notFound
        case .internalError: .internalServerError
        case .parseError, .invalidRequest, .invalidParameters, .headerMismatch, .unsupportedVersion: .badRequest
        }
    }
}

extension ProtocolError {
    /// Sends a client that looks for the newest revision back to `initialize`, which gives it a session: its state would
    /// end with each request. The answer is that of servers which do not have the method.
    fileprivate static let sessionNeeded = ProtocolError(
        .methodNotFound,
        "Without a session's name, in x-session-id or in the URL as ?session=NAME, state would end with each request. "
            + "Send initialize."
    )
}

extension StreamableExchange {
    /// Throws `headerMismatch` unless the headers say what the body says, which proxies rely on.
    private func checkHeaders() throws(ProtocolError) {
        let headers = request.headers
        if let version = message.version, version != headers[.protocolVersion] {
            throw ProtocolError(.headerMismatch, "MCP-Protocol-Version and the message name different versions.")
        }
        guard message.method == headers[.mcpMethod] || message.kind == .response else {
            throw ProtocolError(.headerMismatch, "Mcp-Method has to name the method of the message.")
        }
        guard message.method == "tools/call" else { return }
        guard message.name == headers[.mcpName].flatMap(Self.decoded) else {
            throw ProtocolError(.headerMismatch, "Mcp-Name has to name the tool that the message calls.")
        }
    }

    /// A header's text, which stands in base64 between `=?base64?` and `?=` where it would not be a valid header.
    private static func decoded(_ header: String) -> String? {
        let prefix = "=?base64?"
        let suffix = "?="
        guard header.hasPrefix(prefix), header.hasSuffix(suffix), header.count >= prefix.count + suffix.count else {
            return header
        }
        let text = String(header.dropFirst(prefix.count).dropLast(suffix.count))
        return Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Response {
    init(_ message: OutgoingMessage, status: HTTPResponse.Status, headers: HTTPFields = [:]) {
        self.init(json: message.bytes, status: status, headers: headers)
    }
}

/// What a request was answered with, as its notifications have nowhere to go.
private final class LastMessage: Sendable {
    let value = Mutex<OutgoingMessage?>(nil)
}
