internal import HTTPTypes
public import Hummingbird
internal import JSON
internal import Logging
public import MCP
public import Responses
public import Sessions
public import Tokenizer

/// Makes the routes of the server: MCP for every tool namespace, Harmony, sessions with their files, and health.
///
/// Routes that are added later have the same guard against pages of other sites, but no limit on their bodies.
/// - Parameters:
///   - version: The program's, for clients that ask.
///   - encoding: Makes token IDs of output; without it there are no token IDs.
///   - sessions: What `/v1/sessions` lists and ends; without it there is no such route.
///   - commands: What runs `/v1/sessions/{id}/commands`; without it there is no such route.
///   - snapshots: What copies the files of sessions; without it there are no such routes.
///   - files: What `/v1/sessions/{id}/files` serves; without it there is no such route.
///   - responses: What `/v1/responses` and `/v1/models` serve; without it there are no such routes.
///   - readiness: What `/readyz` shows; called for each request.
/// - Returns: A router to which routes may be added; `HarmoniumServer` serves it.
public func makeRouter(
    namespaces: [any ToolNamespace],
    version: String,
    encoding: Encoding? = nil,
    settings: ServerSettings,
    sessions: SessionDirectory? = nil,
    commands: (any SessionCommands)? = nil,
    snapshots: (any SessionSnapshots)? = nil,
    files: (any SessionFiles)? = nil,
    responses: ResponseGateway? = nil,
    readiness: @escaping @Sendable () async -> Readiness = { Readiness(isReady: true) }
) -> Router<ServerContext> {
    let names = namespaces.map(\.name)
    precondition(Set(names).count == names.count, "namespaces of the same name: \(names)")
    let router = Router(context: ServerContext.self)
    // The guard is outermost, as pages have to be able to read what went wrong.
    router.add(middleware: RequestGuard(settings))
    router.add(middleware: ProblemMiddleware(namespaces: names))
    router.addOperations(
        index: index(names: names, version: version, hasResponses: responses != nil),
        readiness: readiness
    )
    let servers = namespaces.map { MCPServer(namespace: $0, version: version, encoding: encoding) }
    let bodies = BodyReader(settings)
    for server in servers { router.addProtocol(server, settings: settings, bodies: bodies) }
    let harmony = HarmonyRoute(servers: servers, encoding: encoding, settings: settings, bodies: bodies)
    router.add("/v1/harmony", [.post: { try await harmony.post($0, $1) }])
    if let sessions { router.addSessions(SessionRoutes(sessions: sessions)) }
    if let commands {
        router.addCommands(CommandRoutes(commands: commands, bodies: bodies, settings: settings))
    }
    if let snapshots { router.addSnapshots(SnapshotRoutes(snapshots: snapshots, bodies: bodies)) }
    if let files { router.addFiles(FileRoutes(files: files, bodies: bodies)) }
    if let responses {
        router.addResponses(ResponseRoutes(gateway: responses, settings: settings, bodies: bodies))
    }
    return router
}

/// What `/` shows: the places that there are.
private func index(names: [String], version: String, hasResponses: Bool) -> String {
    let lines = names.flatMap { name in
        ["/\(name)/sse   MCP over HTTP with server-sent events", "/\(name)/mcp   MCP over Streamable HTTP"]
    }
    let responses = hasResponses ? "/v1/responses   /v1/models   " : ""
    let all =
        ["harmonium \(version)", ""] + lines + ["/v1/harmony   \(responses)/v1/sessions   /healthz   /readyz", ""]
    return all.joined(separator: "\n")
}

private typealias Handler = @Sendable (Request, ServerContext) async throws -> Response

extension Router<ServerContext> {
    fileprivate func addProtocol(_ server: MCPServer, settings: ServerSettings, bodies: BodyReader) {
        let name = server.namespace.name
        let legacy = LegacyRoute(server: server, settings: settings, bodies: bodies)
        let streamable = StreamableRoute(server: server, settings: settings, bodies: bodies)
        add("/\(name)/sse", [.get: { try legacy.open($0, $1) }])
        add("/\(name)/messages", [.post: { try await legacy.post($0, $1) }])
        add(
            "/\(name)/mcp",
            [
                .get: { request, _ in try streamable.get(request) },
                .post: { try await streamable.post($0, $1) },
                .delete: { request, _ in try await streamable.delete(request) },
            ]
        )
    }

    fileprivate func addSessions(_ routes: SessionRoutes) {
        add("/v1/sessions", [.get: { try await routes.list($1) }])
        add("/v1/sessions/:session", [.delete: { try await routes.end($1) }])
    }

    fileprivate func addCommands(_ routes: CommandRoutes) {
        let path = "/v1/sessions/:session/commands"
        add("\(path)", [.post: { try await routes.run($0, $1) }])
        add("\(path)/:command/input", [.post: { try await routes.write($0, $1) }])
        add("\(path)/:command/end-input", [.post: { try await routes.endInput($1) }])
        add("\(path)/:command/terminal", [.put: { try await routes.resize($0, $1) }])
        add("\(path)/:command/signal", [.post: { try await routes.signal($0, $1) }])
    }

    fileprivate func addSnapshots(_ routes: SnapshotRoutes) {
        add("/v1/sessions/:session/branch", [.post: { try await routes.branch($0, $1) }])
        add("/v1/sessions/:session/snapshot", [.post: { try await routes.snapshot($1) }])
        add("/v1/snapshots/:snapshot/branch", [.post: { try await routes.branchSnapshot($0, $1) }])
        add("/v1/snapshots/:snapshot", [.delete: { try await routes.remove($1) }])
    }

    fileprivate func addResponses(_ routes: ResponseRoutes) {
        for (base, profile) in [("/v1", ResponseProfile.openAI), ("/open/v1", .openResponses)] {
            let path = "\(base)/responses"
            add(
                "\(path)",
                [
                    .get: { try await routes.connect($0, $1, usual: profile) },
                    .post: { try await routes.post($0, $1, usual: profile) },
                ]
            )
            add("\(path)/compact", [.post: { try await routes.compact($0, $1) }])
            add("\(path)/:response", [.get: { routes.get($1) }, .delete: { routes.delete($1) }])
            add("\(path)/:response/input_items", [.get: { routes.inputItems($1) }])
            add("\(base)/models", [.get: { _, _ in routes.models() }])
        }
        add("/v1/chat/completions", [.post: { try await routes.chat($0, $1) }])
    }

    fileprivate func addFiles(_ routes: FileRoutes) {
        add("/v1/sessions/:session/files", [.get: { try await routes.list($1) }])
        add(
            "/v1/sessions/:session/files/**",
            [
                .get: { try await routes.read($1) }, .put: { try await routes.write($0, $1) },
                .delete: { try await routes.delete($1) },
            ]
        )
    }

    fileprivate func addOperations(index: String, readiness: @escaping @Sendable () async -> Readiness) {
        addLook("/") { Response(text: index) }
        addLook("/healthz") { Response(text: "ok") }
        addLook("/readyz") {
            let readiness = await readiness()
            let ready: JSONObject = ["ready": .bool(readiness.isReady)]
            return Response(
                json: .object(ready.merging(readiness.details)),
                status: readiness.isReady ? .ok : .serviceUnavailable
            )
        }
    }

    /// Adds a path for `GET` and `HEAD`; the HTTP channel drops the body of an answer to `HEAD`.
    private func addLook(_ path: RouterPath, _ look: @escaping @Sendable () async -> Response) {
        add(path, [.get: { _, _ in await look() }, .head: { _, _ in await look() }])
    }

    /// Adds the handlers of one path, and refuses every other method there.
    fileprivate func add(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        let allowed = methods.filter { handlers[$0] != nil }
        for method in methods {
            on(path, method: method) { request, context in
                guard let handler = handlers[method] else { throw Problem.methodNotAllowed(allowed) }
                return try await handler(request, context)
            }
        }
    }
}

extension Response {
    fileprivate init(text: String) {
        self.init(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
