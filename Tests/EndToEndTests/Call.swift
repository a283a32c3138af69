import AsyncHTTPClient
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

/// The ways in which clients speak to the daemon.
enum Transport: String, CaseIterable, CustomTestStringConvertible {
    /// A stream of events and posts beside it.
    case legacy = "HTTP+SSE"
    /// Streamable HTTP with `initialize`.
    case handshake = "Streamable HTTP 2025-11-25"
    /// Streamable HTTP, each request alone.
    case stateless = "Streamable HTTP 2026-07-28"

    var testDescription: String { rawValue }
}

/// One call of a tool, by default of the python tool.
struct Call: Sendable {
    var code = ""
    /// The value of `x-session-id`.
    var session: String?
    /// The value of `x-session-network`.
    var network: String?
    /// The value of `Authorization`.
    var token: String?
    var id: JSONValue = 1
    /// Asks for progress when there is one.
    var progressToken: JSONValue?
    /// The value of `x-harmonium-stream`.
    var stream: String?
    /// Asks for details in `_meta` of progress.
    var isDetailed = false
    /// The namespace that the tool belongs to.
    var namespace = "python"
    var tool = "python"
    /// What the tool is given; by default `code` for python, and nothing for others.
    var arguments: JSONObject?

    func message(over transport: Transport) -> JSONValue {
        var meta: JSONObject = [:]
        meta["progressToken"] = progressToken
        if isDetailed { meta["dev.harmonium/stream"] = [:] }
        if transport == .stateless { meta = meta.merging(Call.statelessMeta) }
        let arguments = arguments ?? (tool == "python" ? ["code": .string(code)] : [:])
        return [
            "jsonrpc": "2.0", "id": id, "method": "tools/call",
            "params": ["name": .string(tool), "arguments": .object(arguments), "_meta": .object(meta)],
        ]
    }

    static let statelessMeta: JSONObject = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": [:],
    ]
}

/// What came back for a call.
struct Answer: Sendable {
    let id: JSONValue
    let result: JSONValue
    /// The parameters of the progress notifications before it.
    let progress: [JSONValue]

    /// Reads a stream up to the response.
    init(from events: inout Events) async throws {
        var progress: [JSONValue] = []
        while true {
            let message = try await events.message()
            if message["method"]?.string == "notifications/progress", let parameters = message["params"] {
                progress.append(parameters)
            } else if let result = message["result"], let id = message["id"] {
                self.id = id
                self.result = result
                self.progress = progress
                return
            } else if let error = message["error"] {
                throw Refusal(message: String(decoding: error.encoded(), as: UTF8.self))
            }
        }
    }

    var text: String { result["content"]?.array?.first?["text"]?.string ?? "" }
    var isError: Bool { result["isError"] == .bool(true) }
    var types: [String] { result["content"]?.array?.compactMap { $0["type"]?.string } ?? [] }
    var isStateKept: Bool? { result["_meta"]?["dev.harmonium/run"]?["stateKept"]?.bool }
}

/// The daemon answered with an error of the protocol or of HTTP.
struct Refusal: Error {
    let message: String
}

extension Daemon {
    /// Makes a call on a connection of its own, which ends with the answer.
    func call(
        _ code: String,
        in session: String? = nil,
        over transport: Transport = .stateless
    ) async throws -> Answer {
        try await call(Call(code: code, session: session), over: transport)
    }

    func call(_ call: Call, over transport: Transport = .stateless) async throws -> Answer {
        var events = try await begin(call, over: transport)
        return try await Answer(from: &events)
    }

    /// Makes a call, and gives the stream that its answer will come on; to hang up, let go of it.
    func begin(_ call: Call, over transport: Transport = .stateless) async throws -> Events {
        switch transport {
        case .legacy:
            let connection = try await LegacyConnection(
                self,
                session: call.session,
                stream: call.stream,
                namespace: call.namespace
            )
            try await connection.post(call.message(over: .legacy))
            return connection.events
        case .handshake:
            let opened = try await post(Call.initialize, to: call, headers: headers(call, version: "2025-11-25"))
            _ = try await opened.body.collect(upTo: 1 << 20)
            var headers = headers(call, version: "2025-11-25")
            headers.add(name: "Mcp-Session-Id", value: opened.headers.first(name: "Mcp-Session-Id") ?? "")
            return Events(try await post(call.message(over: .handshake), to: call, headers: headers))
        case .stateless:
            var headers = headers(call, version: "2026-07-28")
            headers.add(contentsOf: ["Mcp-Method": "tools/call", "Mcp-Name": call.tool])
            return Events(try await post(call.message(over: .stateless), to: call, headers: headers))
        }
    }

    private func post(
        _ message: JSONValue,
        to call: Call,
        headers: HTTPHeaders
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "\(base)/\(call.namespace)/mcp")
        request.method = .POST
        request.headers = headers
        request.body = .bytes(ByteBuffer(bytes: message.encoded()))
        let response = try await http.execute(request, timeout: .minutes(2))
        guard response.status == .ok else { throw Refusal(message: "\(response.status)") }
        return response
    }

    private func headers(_ call: Call, version: String) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": version,
        ]
        if let session = call.session { headers.add(name: "x-session-id", value: session) }
        if let stream = call.stream { headers.add(name: "x-harmonium-stream", value: stream) }
        if let token = call.token { headers.add(name: "Authorization", value: token) }
        if let network = call.network { headers.add(name: "x-session-network", value: network) }
        return headers
    }
}

extension Call {
    static let initialize: JSONValue = [
        "jsonrpc": "2.0", "id": "opening", "method": "initialize",
        "params": [
            "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "tests", "version": "1"],
        ],
    ]
}

/// A stream of the legacy transport, as serving layers open one for each response.
struct LegacyConnection {
    var events: Events
    private let daemon: Daemon
    private let session: String?
    private let endpoint: String

    /// Opens a stream and shakes hands.
    init(_ daemon: Daemon, session: String?, stream: String? = nil, namespace: String = "python") async throws {
        var request = HTTPClientRequest(url: "\(daemon.base)/\(namespace)/sse")
        if let stream { request.headers.add(name: "x-harmonium-stream", value: stream) }
        if let session { request.headers.add(name: "x-session-id", value: session) }
        let response = try await daemon.http.execute(request, timeout: .minutes(2))
        guard response.status == .ok else { throw Refusal(message: "\(response.status)") }
        events = Events(response)
        guard let first = try await events.next(), first.name == "endpoint" else { throw StreamEnded() }
        self.daemon = daemon
        self.session = session
        endpoint = first.data
        try await post(Call.initialize)
        _ = try await events.message()
        try await post(["jsonrpc": "2.0", "method": "notifications/initialized"])
    }

    /// Posts a message, which has to be accepted at once.
    func post(_ message: JSONValue) async throws {
        var request = HTTPClientRequest(url: daemon.base + endpoint)
        request.method = .POST
        request.headers = ["Content-Type": "application/json"]
        if let session { request.headers.add(name: "x-session-id", value: session) }
        request.body = .bytes(ByteBuffer(bytes: message.encoded()))
        let response = try await daemon.http.execute(request, timeout: .seconds(20))
        guard response.status == .accepted else { throw Refusal(message: "\(response.status)") }
        _ = try await response.body.collect(upTo: 1 << 16)
    }
}
