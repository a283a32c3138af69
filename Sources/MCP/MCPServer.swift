internal import JSON
public import Tokenizer

/// MCP for one namespace, whatever carries its messages.
///
/// A transport parses a message once, lets the server `receive` it, and moves what comes out of it:
///
///     let message = try IncomingMessage(parsing: bytes)
///     switch server.receive(message, in: context) {
///     case .nothing: break
///     case .answer(let answer): await send(answer)
///     case .running(let request): await request.run(send: send)
///     }
public struct MCPServer: Sendable {
    /// What becomes of a message.
    public enum Reception: Sendable {
        /// There is nothing to say to it.
        case nothing
        /// It is answered already.
        case answer(OutgoingMessage)
        /// It has been admitted, and has to be run.
        case running(RunningRequest)
    }

    /// The namespace that is served.
    public let namespace: any ToolNamespace
    private let version: String
    private let encoding: Encoding?
    private let tools: ToolDirectory
    private let toolList: JSONValue
    private let toolListWithCleanUp: JSONValue

    /// Serves `namespace`, of a program with this `version`; with an `encoding` output comes as tokens too, if asked for.
    public init(namespace: any ToolNamespace, version: String, encoding: Encoding? = nil) {
        self.namespace = namespace
        self.version = version
        self.encoding = encoding
        tools = ToolDirectory(within: namespace)
        let list = namespace.tools.map(\.description.json)
        toolList = .array(list)
        toolListWithCleanUp = .array(list + [CleanUpTool(namespace: namespace).description.json])
    }

    /// Takes in one message, and never waits.
    ///
    /// A cancellation has taken effect on return, and so has the admission of a request: one can be cancelled before
    /// it is run. A request that is `running` has a place in the connection until `run` has returned, or until the last
    /// reference to the request is gone.
    public func receive(_ message: IncomingMessage, in context: MCPContext) -> Reception {
        switch message.kind {
        case .response:
            return .nothing
        case .notification:
            if message.method == "notifications/cancelled", let id = RequestID(message.parameters?["requestId"]) {
                context.connection.cancel(id)
            }
            return .nothing
        case .request(let id):
            do {
                return try answer(id, message, in: context)
            } catch {
                return .answer(.failure(error, to: id))
            }
        }
    }

    /// Carries out one message from its bytes to the last answer; what is not a message is answered too.
    public func respond(
        to bytes: [UInt8],
        in context: MCPContext,
        send: @escaping @Sendable (OutgoingMessage) async -> Void
    ) async {
        do {
            switch receive(try IncomingMessage(parsing: bytes), in: context) {
            case .nothing: break
            case .answer(let answer): await send(answer)
            case .running(let request): await request.run(send: send)
            }
        } catch {
            await send(.failure(error, to: nil))
        }
    }

    private func answer(
        _ id: RequestID,
        _ message: IncomingMessage,
        in context: MCPContext
    ) throws(ProtocolError) -> Reception {
        let version = try version(of: message, in: context)
        guard let parameters = message.parameters else {
            throw ProtocolError(.invalidParameters, "The parameters have to be an object.")
        }
        if message.method == "tools/call" {
            let call = call(parameters, in: context.session, details: context.streamDetails)
            return try admit(id, in: context, .call(call), version: version)
        }
        if let request = try resources(message.method, parameters, in: context.session, version: version) {
            return try admit(id, in: context, .resources(request), version: version)
        }
        if !version.hasHandshake, message.method == "subscriptions/listen" {
            return try admit(id, in: context, .subscription, version: version)
        }
        let result = try result(of: message.method, parameters, version, in: context)
        return .answer(.result(result, to: id, serverInfo: serverInfo(for: version)))
    }

    private func admit(
        _ id: RequestID,
        in context: MCPContext,
        _ work: RunningRequest.Work,
        version: ProtocolVersion
    ) throws(ProtocolError) -> Reception {
        let serverInfo = serverInfo(for: version)
        guard let admission = context.connection.admit(id, isSubscription: work.isSubscription) else {
            let text = "Too many calls are running at the same time. Wait for one of them to end, then try again."
            guard case .call = work else { throw ProtocolError(.internalError, text) }
            let result = ToolResult(text: text, isError: true)
            return .answer(.result(result.members(), to: id, serverInfo: serverInfo))
        }
        return .running(RunningRequest(admission: admission, work: work, serverInfo: serverInfo))
    }

    private func call(
        _ parameters: JSONObject,
        in session: SessionKey,
        details: JSONValue?
    ) -> Call {
        let name = parameters["name"]?.string ?? ""
        let tool = tools[name]?.tool
        return Call(
            tool: tool,
            refusal: tool == nil ? unknownTool(name) : "",
            arguments: parameters["arguments"],
            session: session,
            progressToken: parameters["_meta"]?[MetaKey.progressToken],
            details: parameters["_meta"]?[MetaKey.stream] ?? details,
            encoding: encoding
        )
    }

    /// The request for resources that a message makes; nil if it asks for something else, or the namespace has no resources.
    private func resources(
        _ method: String,
        _ parameters: JSONObject,
        in session: SessionKey,
        version: ProtocolVersion
    ) throws(ProtocolError) -> ResourceRequest? {
        guard let store = namespace.resources else { return nil }
        let kind: ResourceRequest.Kind
        switch method {
        case "resources/list": kind = .list
        case "resources/read":
            guard let uri = parameters["uri"]?.string else {
                throw ProtocolError(.invalidParameters, "resources/read takes a string, uri.")
            }
            kind = .read(uri: uri)
        default: return nil
        }
        return ResourceRequest(kind: kind, store: store, session: session, isStateless: !version.hasHandshake)
    }

    private func unknownTool(_ name: String) -> String {
        let known = namespace.tools.map { "`\($0.description.name)`" }.joined(separator: ", ")
        let asked = name.isEmpty ? "The call does not name a tool." : "There is no tool named `\(name.prefix(100))`."
        return "\(asked) The tools of \(namespace.name) are: \(known)."
    }
}

extension MCPServer {
    private func version(
        of message: IncomingMessage,
        in context: MCPContext
    ) throws(ProtocolError) -> ProtocolVersion {
        guard let version = context.version else {
            guard let claimed = message.version else { return .november2025 }
            guard let version = ProtocolVersion(rawValue: claimed) else { throw .unsupportedVersion(claimed) }
            return version
        }
        guard !version.hasHandshake else { return version }
        guard let claimed = message.version else {
            throw ProtocolError(.invalidParameters, "_meta has to hold a string \(MetaKey.protocolVersion).")
        }
        guard ProtocolVersion(rawValue: claimed) == version else { throw .unsupportedVersion(claimed) }
        guard message.meta?[MetaKey.clientCapabilities]?.object != nil else {
            throw ProtocolError(.invalidParameters, "_meta has to hold an object \(MetaKey.clientCapabilities).")
        }
        return version
    }

    private func result(
        of method: String,
        _ parameters: JSONObject,
        _ version: ProtocolVersion,
        in context: MCPContext
    ) throws(ProtocolError) -> JSONObject {
        let toolList = context.listsCleanUp ? toolListWithCleanUp : toolList
        switch (method, version.hasHandshake) {
        case ("initialize", true): return initialization(offer: parameters["protocolVersion"]?.string)
        case ("ping", true): return [:]
        case ("tools/list", true): return ["tools": toolList]
        case ("tools/list", false): return Self.cacheable(["tools": toolList])
        case ("server/discover", false): return Self.cacheable(discovery)
        case ("resources/templates/list", _) where namespace.resources != nil:
            let none: JSONObject = ["resourceTemplates": []]
            return version.hasHandshake ? none : Self.cacheable(none)
        default: throw ProtocolError(.methodNotFound, "There is no method \(method.prefix(100)).")
        }
    }

    private func initialization(offer: String?) -> JSONObject {
        [
            "protocolVersion": .string(ProtocolVersion.agreeing(on: offer).rawValue),
            "capabilities": capabilities,
            "serverInfo": serverInfo,
            "instructions": .string(namespace.instructions),
        ]
    }

    private var discovery: JSONObject {
        [
            "supportedVersions": .array(ProtocolVersion.stateless.map { .string($0.rawValue) }),
            "capabilities": capabilities,
            "instructions": .string(namespace.instructions),
        ]
    }

    private var capabilities: JSONValue {
        namespace.resources == nil ? ["tools": [:]] : ["tools": [:], "resources": [:]]
    }

    private var serverInfo: JSONValue { ["name": .string(namespace.name), "version": .string(version)] }

    /// What each result says about us: only to stateless clients, which never shook hands.
    private func serverInfo(for version: ProtocolVersion) -> JSONValue? { version.hasHandshake ? nil : serverInfo }

    /// Lists change only when the program starts again, which a client cannot see: they may be kept for a minute.
    private static func cacheable(_ result: JSONObject) -> JSONObject {
        result.merging(["ttlMs": 60_000, "cacheScope": "public"])
    }
}
