internal import HTTPTypes
internal import Harmony
internal import Hummingbird
internal import JSON
internal import Logging
internal import MCP
internal import Synchronization
internal import Tokenizer

/// `POST /v1/harmony`: a call in Harmony, answered with the tool message in Harmony, as JSON, text and token ids.
struct HarmonyRoute: Sendable {
    private let servers: [MCPServer]
    private let encoding: Encoding?
    private let settings: ServerSettings
    private let bodies: BodyReader

    init(servers: [MCPServer], encoding: Encoding?, settings: ServerSettings, bodies: BodyReader) {
        self.servers = servers
        self.encoding = encoding
        self.settings = settings
        self.bodies = bodies
    }

    func post(_ request: Request, _ context: ServerContext) async throws -> Response {
        guard let encoding else {
            throw Problem(
                .serviceUnavailable,
                "There is no vocabulary here, so there are no tokens. Get one with `harmonium vocabulary install`, then "
                    + "start the server again."
            )
        }
        var request = request
        let body = try await bodies.read(&request, context)
        let asked = try await body.parsed { try HarmonyRequest($0, encoding: encoding) }
        let session = try session(for: asked, request, client: context.client(of: request))
        let exchange = try HarmonyExchange(
            asked,
            session: session,
            servers: servers,
            encoding: encoding,
            body: body.share
        )
        return asked.isStreamed
            ? stream(exchange, session, to: request, context.logger)
            : try await answer(exchange, session, to: request)
    }

    /// A name in the body counts before one in the headers or the URL.
    private func session(
        for asked: HarmonyRequest,
        _ request: Request,
        client: String
    ) throws(Problem) -> SessionKey {
        let named = try SessionName.key(of: request, client: client, own: SessionName.minted())
        guard let name = asked.session else { return named }
        return SessionKey(
            id: try SessionName.checked(name),
            endsWithConnection: false,
            network: named.network,
            client: client
        )
    }

    private func stream(
        _ exchange: HarmonyExchange,
        _ session: SessionKey,
        to request: Request,
        _ logger: Logger
    ) -> Response {
        var logger = logger
        logger[metadataKey: "session.id"] = "\(session)"
        return EventStream(request: request, keepAlive: settings.keepAlive, logger: logger).response { events in
            await exchange.run { event in await events.send(event: event.name, event.json.encoded()) }
            if Task.isCancelled { await events.send(event: "tool.error", HarmonyRoute.cancelled.encoded()) }
        } onEnd: {
            await end(session)
        }
    }

    private func answer(_ exchange: HarmonyExchange, _ session: SessionKey, to request: Request) async throws
        -> Response
    {
        let last = LastEvent()
        try await request.cancellingOnHangUp { await exchange.run { last.keep($0) } }
        await end(session)
        // The connection has been watched for a hang-up, and cannot be used again.
        guard let answer = last.answer else {
            return Response(json: HarmonyRoute.cancelled, status: .serviceUnavailable, headers: [.connection: "close"])
        }
        return Response(json: answer.json, headers: [.connection: "close"])
    }

    private func end(_ session: SessionKey) async {
        guard session.endsWithConnection else { return }
        for server in servers { await server.namespace.cleanUp(session) }
    }

    private static let cancelled: JSONValue = ["error": "The call was cancelled before the tool had ended."]
}

/// Of the steps of an exchange the last, which is its answer.
private final class LastEvent: Sendable {
    private let kept = Mutex<HarmonyAnswer?>(nil)

    var answer: HarmonyAnswer? { kept.withLock { $0 } }

    func keep(_ event: HarmonyExchange.Event) {
        if case .finished(let answer) = event { kept.withLock { $0 = answer } }
    }
}

extension HarmonyExchange.Event {
    fileprivate var name: String {
        switch self {
        case .started: "tool.started"
        case .output: "tool.output"
        case .finished: "tool.message"
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .started(let tool, let channel, let header):
            [
                "tool": .string(tool), "channel": channel.map { .string($0) } ?? .null,
                "header_token_ids": header.json,
            ]
        case .output(let number, let text, let ids):
            ["seq": .integer(number), "stream": "output", "text": .string(text), "token_ids": ids.json]
        case .finished(let answer): answer.json
        }
    }
}

extension HarmonyAnswer {
    fileprivate var json: JSONValue {
        [
            "messages": .array(messages.map(\.json)), "is_error": .bool(messages.contains(where: \.isError)),
            "session": session.endsWithConnection ? .null : .string(session.id),
            "repairs": .array(repairs.map { .string($0) }),
        ]
    }
}

extension HarmonyAnswer.Message {
    fileprivate var json: JSONValue {
        let contentStart = rendered.header.count
        return [
            "message": message.json, "text": .string(text), "token_ids": rendered.ids.json,
            "content_span": [.integer(contentStart), .integer(contentStart + rendered.content.count)],
            "is_error": .bool(isError),
        ]
    }
}

extension [UInt32] {
    fileprivate var json: JSONValue { .array(map { .integer(Int($0)) }) }
}
