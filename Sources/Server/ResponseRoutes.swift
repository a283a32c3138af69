internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging
internal import MCP
internal import Responses
internal import Synchronization

/// OpenAI's Responses API and what is made of it: `/v1/responses`, `/v1/chat/completions` and `/v1/models`.
struct ResponseRoutes: Sendable {
    private let gateway: ResponseGateway
    private let settings: ServerSettings
    private let bodies: BodyReader
    private let sockets: SocketPlaces

    init(gateway: ResponseGateway, settings: ServerSettings, bodies: BodyReader) {
        self.gateway = gateway
        self.settings = settings
        self.bodies = bodies
        sockets = SocketPlaces(most: settings.webSocketsMax, mostOfClient: settings.requestsMax)
    }

    /// Opens a WebSocket, on which each message of the client's asks for a response.
    func connect(_ request: Request, _ context: ServerContext, usual: ResponseProfile) async throws -> Response {
        try await inOpenAIForm {
            let profile = try Self.profile(of: request) ?? usual
            let client = context.client(of: request)
            let chain = gateway.chain(session: try Self.session(of: request, client: client), client: client)
            guard let place = sockets.take(for: client) else { throw Self.tooManySockets }
            let headers = try await context.becomeWebSocket(
                request,
                bodies.webSocket(pingInterval: settings.keepAlive)
            )
            let socket = ResponseSocket(
                profile: profile,
                ageMax: settings.webSocketAge,
                place: place,
                gateway: gateway,
                bodies: bodies,
                context: context,
                client: client,
                chain: chain
            )
            let body = ResponseBody { writer in
                try await socket.serve(request.body, to: &writer)
                try await writer.finish(nil)
            }
            return Response(status: .switchingProtocols, headers: headers, body: body)
        }
    }

    private static let tooManySockets = ResponseError(
        .overloaded,
        code: "too_many_sockets",
        "Too many sockets are open. Close one, or use POST."
    )

    /// Makes a response, written as `usual` has it unless the request names a profile.
    func post(_ request: Request, _ context: ServerContext, usual: ResponseProfile) async throws -> Response {
        try await inOpenAIForm {
            var request = request
            let profile = try Self.profile(of: request) ?? usual
            let work = try await work(&request, context) { $0 }
            return work.run.request.isStreamed
                ? stream(work, to: request, context.logger, as: profile)
                : try await answer(work, to: request) { profile.response($0) }
        }
    }

    /// Makes a response, and answers as Chat Completions does.
    func chat(_ request: Request, _ context: ServerContext) async throws -> Response {
        try await inOpenAIForm {
            var request = request
            let asked = Mutex<ChatRequest?>(nil)
            let work = try await work(&request, context) { json throws(ResponseError) in
                let chat = try ChatRequest(json)
                asked.withLock { $0 = chat }
                return chat.body
            }
            let chat = asked.withLock(\.self)
            let writer = ChatWriter(
                id: work.run.id,
                model: gateway.model,
                createdAt: work.run.createdAt,
                includesUsage: chat?.includesUsage ?? false
            )
            return chat?.isStreamed == true
                ? streamChat(work, to: request, context.logger, by: writer)
                : try await answer(work, to: request) { writer.answer($0) }
        }
    }

    /// Compacts a conversation.
    func compact(_ request: Request, _ context: ServerContext) async throws -> Response {
        try await inOpenAIForm {
            var request = request
            let body = try await bodies.read(&request, context)
            let client = context.client(of: request)
            let run = try await body.parsed { bytes in
                try gateway.compaction(of: try Self.json(bytes), client: client)
            }
            let result = try await request.cancellingOnHangUp { () -> Result<JSONValue, any Error> in
                do {
                    return .success(
                        try await CallThreads.shared.run(for: .session(run.session.id)) { try await run.compacted() }
                    )
                } catch {
                    return .failure(error)
                }
            }
            // The connection has been watched for a hang-up, and cannot be used again.
            return Response(json: try result.get(), headers: [.connection: "close"])
        }
    }

    func get(_ context: ServerContext) -> Response {
        look(context) { id throws(ResponseError) in try gateway.stored(id) }
    }

    func inputItems(_ context: ServerContext) -> Response {
        look(context) { id throws(ResponseError) in try gateway.inputItems(of: id) }
    }

    func delete(_ context: ServerContext) -> Response {
        look(context) { id throws(ResponseError) in try gateway.delete(id) }
    }

    func models() -> Response { Response(json: gateway.models) }

    private func look(
        _ context: ServerContext,
        at find: (String) throws(ResponseError) -> JSONValue
    ) -> Response {
        do throws(ResponseError) {
            return Response(json: try find(context.parameters.get("response") ?? ""))
        } catch {
            return error.response
        }
    }

    private func inOpenAIForm(_ answer: () async throws -> Response) async throws -> Response {
        do {
            return try await answer()
        } catch let error as ResponseError {
            return error.response
        } catch let problem as Problem {
            return problem.asResponseError
        }
    }
}

// What a request asks for.
extension ResponseRoutes {
    /// A response on its way.
    private struct Work: Sendable {
        let run: ResponseRun
        /// What the body takes of the memory for bodies, for as long as its items are kept.
        let body: BodyBudget.Share

        /// Carries it out on the thread of its session.
        func outcome(send: @escaping @Sendable (ResponseEvent) async -> Void) async -> ResponseRun.Outcome? {
            await CallThreads.shared.run(for: .session(run.session.id)) { await run.run(send: send) }
        }
    }

    private func work(
        _ request: inout Request,
        _ context: ServerContext,
        reading read: @escaping @Sendable (JSONValue) throws(ResponseError) -> JSONValue
    ) async throws -> Work {
        let body = try await bodies.read(&request, context)
        let client = context.client(of: request)
        let session = try Self.session(of: request, client: client)
        let run = try await body.parsed { bytes in
            try gateway.response(to: try read(try Self.json(bytes)), session: session, client: client)
        }
        let opened = try await CallThreads.shared.run(for: .session(run.session.id)) { try await run.opened() }
        return Work(run: opened, body: body.share)
    }

    /// The session that a client names; nil if it names none.
    private static func session(of request: Request, client: String) throws(Problem) -> SessionKey? {
        let key = try SessionName.key(of: request, client: client, own: "")
        return key.endsWithConnection ? nil : key
    }

    static func json(_ bytes: [UInt8]) throws(ResponseError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw ResponseError(.invalidRequest, code: "invalid_json", "The body is no JSON: \(error).")
        }
    }

    private static func profile(of request: Request) throws(Problem) -> ResponseProfile? {
        switch request.headers[.responseProfile] {
        case nil: return nil
        case "openai": return .openAI
        case "open-responses": return .openResponses
        default: throw Problem(.badRequest, "`x-harmonium-profile` is openai or open-responses.")
        }
    }
}

// How it is answered.
extension ResponseRoutes {
    private func stream(
        _ work: Work,
        to request: Request,
        _ logger: Logger,
        as profile: ResponseProfile
    ) -> Response {
        stream(work, to: request, logger) { events in
            let ended = await work.outcome { event in
                let (type, json) = profile.event(event)
                await events.send(event: type, JSONValue.object(json).encoded())
            }
            if profile == .openResponses, ended != nil { await events.sendDone() }
            return ended
        }
    }

    private func streamChat(
        _ work: Work,
        to request: Request,
        _ logger: Logger,
        by writer: ChatWriter
    ) -> Response {
        stream(work, to: request, logger) { events in
            let writer = Mutex(writer)
            let ended = await work.outcome { event in
                for chunk in writer.withLock({ $0.chunks(for: event) }) {
                    await events.send(event: nil, chunk.encoded())
                }
            }
            if ended != nil { await events.sendDone() }
            return ended
        }
    }

    private func stream(
        _ work: Work,
        to request: Request,
        _ logger: Logger,
        serve: @escaping @Sendable (EventChannel) async -> ResponseRun.Outcome?
    ) -> Response {
        var logger = logger
        logger[metadataKey: "response.id"] = "\(work.run.id)"
        let outcome = Mutex<ResponseRun.Outcome?>(nil)
        return EventStream(request: request, keepAlive: settings.keepAlive, logger: logger).response { events in
            let ended = await serve(events)
            outcome.withLock { $0 = ended }
        } onEnd: {
            await gateway.finish(work.run, outcome.withLock(\.self))
        }
    }

    private func answer(
        _ work: Work,
        to request: Request,
        _ shape: (JSONValue) -> JSONValue
    ) async throws -> Response {
        let outcome = try await request.cancellingOnHangUp { await work.outcome { _ in } }
        await gateway.finish(work.run, outcome ?? nil)
        // The connection has been watched for a hang-up, and cannot be used again.
        let headers: HTTPFields = [.connection: "close"]
        guard let outcome = outcome ?? nil else {
            let error = ResponseError(.overloaded, code: "cancelled", "The response was cancelled. Ask again.")
            return Response(json: error.json, status: .serviceUnavailable, headers: headers)
        }
        if let failure = outcome.failure { return Response(json: failure.json, status: .badGateway, headers: headers) }
        return Response(json: shape(outcome.response), headers: headers)
    }
}

extension ResponseError {
    /// The status of an answer that says so.
    var status: HTTPResponse.Status {
        switch kind {
        case .invalidRequest: .badRequest
        case .notFound: .notFound
        case .server: .badGateway
        case .overloaded: .serviceUnavailable
        }
    }

    fileprivate var response: Response { Response(json: json, status: status) }
}

extension Problem {
    /// The refusal in the form that OpenAI's clients read.
    var responseError: ResponseError {
        let kind: ResponseError.Kind = status.kind == .serverError ? .overloaded : .invalidRequest
        return ResponseError(kind, code: "invalid_request", sentence)
    }

    fileprivate var asResponseError: Response {
        Response(json: responseError.json, status: status, headers: headers)
    }
}
