internal import HTTPTypes
internal import Harmony
internal import Hummingbird
internal import JSON
internal import Logging
internal import MCP
internal import Synchronization
internal import Tokenizer
internal import ToolLoop

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
        let tools = ToolDirectory(of: servers.map(\.namespace), wanted: asked.tools)
        let exchange = HarmonyExchange(
            try calls(in: asked, among: tools),
            session: session,
            renderer: Renderer(encoding: encoding, flavor: asked.flavor)
        )
        let run = Run(exchange: exchange, session: session, repairs: asked.repairs, body: body.share)
        return asked.isStreamed
            ? stream(run, to: request, context.logger)
            : try await answer(run, to: request)
    }

    private func calls(in asked: HarmonyRequest, among tools: ToolDirectory) throws(Problem) -> [HarmonyCall] {
        do throws(HarmonyCallError) {
            return try asked.calls.map { call throws(HarmonyCallError) in
                try HarmonyCall(call, among: tools, isLenient: asked.isLenient)
            }
        } catch {
            throw Problem(.badRequest, error.description)
        }
    }

    /// What is asked for, on its way.
    private struct Run: Sendable {
        let exchange: HarmonyExchange
        let session: SessionKey
        /// What was repaired in the body.
        let repairs: [String]
        /// What the body takes of the memory for bodies, for as long as the calls are kept.
        let body: BodyBudget.Share

        /// Runs the tools on the thread of their session; `send` takes the steps.
        func steps(send: @escaping @Sendable (HarmonyExchange.Event) async -> Void) async {
            await CallThreads.shared.run(for: .session(session.id)) { await exchange.run(send: send) }
        }

        /// A step as it is sent.
        func json(of event: HarmonyExchange.Event) -> JSONValue { event.json(in: session, repairs: repairs) }
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
            image: named.image,
            client: client
        )
    }

    private func stream(_ run: Run, to request: Request, _ logger: Logger) -> Response {
        var logger = logger
        logger[metadataKey: "session.id"] = "\(run.session)"
        return EventStream(request: request, keepAlive: settings.keepAlive, logger: logger).response { events in
            await run.steps { event in await events.send(event: event.name, run.json(of: event).encoded()) }
            if Task.isCancelled { await events.send(event: "tool.error", HarmonyRoute.cancelled.encoded()) }
        } onEnd: {
            await end(run.session)
        }
    }

    private func answer(_ run: Run, to request: Request) async throws -> Response {
        let answer = Mutex<JSONValue?>(nil)
        try await request.cancellingOnHangUp {
            await run.steps { event in
                if case .finished = event { answer.withLock { $0 = run.json(of: event) } }
            }
        }
        await end(run.session)
        // The connection has been watched for a hang-up, and cannot be used again.
        guard let json = answer.withLock(\.self) else {
            return Response(json: HarmonyRoute.cancelled, status: .serviceUnavailable, headers: [.connection: "close"])
        }
        return Response(json: json, headers: [.connection: "close"])
    }

    private func end(_ session: SessionKey) async {
        guard session.endsWithConnection else { return }
        for server in servers { await server.namespace.cleanUp(session) }
    }

    private static let cancelled: JSONValue = ["error": "The call was cancelled before the tool had ended."]
}

extension HarmonyExchange.Event {
    fileprivate var name: String {
        switch self {
        case .started: "tool.started"
        case .output: "tool.output"
        case .finished: "tool.message"
        }
    }

    /// The step as it is sent.
    fileprivate func json(in session: SessionKey, repairs: [String]) -> JSONValue {
        switch self {
        case .started(let tool, let channel, let header):
            [
                "tool": .string(tool), "channel": channel.map { .string($0) } ?? .null,
                "header_token_ids": header.json,
            ]
        case .output(let number, let text, let ids):
            ["seq": .integer(number), "stream": "output", "text": .string(text), "token_ids": ids.json]
        case .finished(let answer):
            [
                "messages": .array(answer.messages.map(\.json)),
                "is_error": .bool(answer.messages.contains(where: \.isError)),
                "session": session.endsWithConnection ? .null : .string(session.id),
                "repairs": .array((repairs + answer.repairs).map { .string($0) }),
            ]
        }
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
