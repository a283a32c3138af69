import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import JSON
import Logging
import MCP
import NIOCore
import NIOHTTP1
import Responses
import Server
import ServiceLifecycle
import Sessions
import Testing
import Tokenizer

/// A server on a socket, and a client to ask it.
struct LiveServer: Sendable {
    let port: Int
    let client: HTTPClient
    /// Asks the server to stop.
    let stop: @Sendable () async -> Void

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    }

    /// Settings of a server that writes nothing of its own for an hour, and waits a minute for what runs when it stops.
    ///
    /// What a test sees is then the tool's doing, and that a client has hung up shows by its closing alone.
    static func patient(_ settings: inout ServerSettings) {
        settings.drain = .seconds(60)
        settings.keepAlive = .seconds(3600)
    }

    /// Runs a server for the length of `body`, and returns once it has stopped.
    static func run(
        _ namespace: (any ToolNamespace)? = FakeNamespace(),
        encoding: Encoding? = nil,
        settings change: (inout ServerSettings) -> Void = { _ in },
        sessions: SessionDirectory? = nil,
        files: (any SessionFiles)? = nil,
        responses: ResponseGateway? = nil,
        readiness: @escaping @Sendable () async -> Readiness = { Readiness(isReady: true) },
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        let settings = settings(change)
        let router = makeRouter(
            namespaces: namespace.map { [$0] } ?? [],
            version: "1.2",
            encoding: encoding,
            settings: settings,
            sessions: sessions,
            files: files,
            responses: responses,
            readiness: readiness
        )
        try await run(router, settings: settings, body)
    }

    private static func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
        var settings = ServerSettings()
        settings.hosts = ["127.0.0.1"]
        settings.port = 0
        change(&settings)
        return settings
    }

    private static func run(
        _ router: Router<ServerContext>,
        settings: ServerSettings,
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let ports = Events<Int>()
        let server = HarmoniumServer(router: router, settings: settings, logger: logger) { ports.report($0) }
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { ports.finish() }
                try await group.run()
            }
            guard let port = await ports.next() else { return try await tasks.waitForAll() }
            let client = HTTPClient(configuration: .singletonConfiguration)
            do {
                try await body(LiveServer(port: port, client: client) { await group.triggerGracefulShutdown() })
            } catch {
                Issue.record(error)
            }
            try await client.shutdown()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func get(_ path: String, headers: HTTPHeaders = [:]) async throws -> Answer {
        try await ask(.GET, path, headers: headers)
    }

    func post(_ path: String, _ text: String, headers: HTTPHeaders = [:]) async throws -> Answer {
        try await ask(.POST, path, text: text, headers: headers)
    }

    func ask(
        _ method: HTTPMethod,
        _ path: String,
        text: String? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        let response = try await client.execute(
            request(method, path, text: text, headers: headers),
            timeout: .seconds(600)
        )
        let body = try await response.body.collect(upTo: 1 << 24)
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            text: String(decoding: body.readableBytesView, as: UTF8.self)
        )
    }

    /// Reads a stream of events, and hangs up when `body` returns.
    func stream(
        _ method: HTTPMethod = .GET,
        _ path: String = "/python/sse",
        text: String? = nil,
        headers: HTTPHeaders = [:],
        body: (inout EventReader) async throws -> Void
    ) async throws {
        // A client of its own: shutting it down is a hang-up, whatever keeps the response alive.
        let client = HTTPClient(configuration: .singletonConfiguration)
        do {
            let response = try await client.execute(
                request(method, path, text: text, headers: headers),
                timeout: .seconds(600)
            )
            var reader = EventReader(response)
            try await body(&reader)
        } catch {
            Issue.record(error)
        }
        try await client.shutdown()
    }

    private func request(
        _ method: HTTPMethod,
        _ path: String,
        text: String?,
        headers: HTTPHeaders
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        request.headers = headers
        request.body = text.map { .bytes(ByteBuffer(string: $0)) }
        return request
    }
}

/// Takes a stream of events apart.
struct EventReader {
    struct Event: Equatable {
        var name = ""
        var data = ""
        var comment = ""
    }

    let response: HTTPClientResponse
    private var iterator: HTTPClientResponse.Body.AsyncIterator
    private var buffer: [UInt8] = []

    init(_ response: HTTPClientResponse) {
        self.response = response
        iterator = response.body.makeAsyncIterator()
    }

    /// The next event or comment; nil at the end.
    mutating func next() async throws -> Event? {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                let text = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<end.upperBound)
                return Self.event(text)
            }
            guard let part = try await iterator.next(isolation: #isolation) else { return nil }
            buffer += part.readableBytesView
        }
    }

    /// The data of the next event as JSON, comments aside.
    mutating func message() async throws -> JSONValue {
        while let event = try await next() {
            if event.name == "message" { return try JSONValue(parsing: Array(event.data.utf8)) }
        }
        throw EndOfStream()
    }

    /// The path to post to, out of the first event.
    mutating func endpoint() async throws -> String {
        let event = try #require(try await next())
        #expect(event.name == "endpoint")
        return event.data
    }

    private static func event(_ text: String) -> Event {
        var event = Event()
        for line in text.split(separator: "\r\n") {
            if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
            if line.hasPrefix(":") { event.comment = String(line.dropFirst(1)) }
        }
        return event
    }

    struct EndOfStream: Error {}
}

/// A call of the fake tool.
func call(id: Int, meta: String = "{}") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"python","_meta":\#(meta)}}"#
}

/// A ping.
func ping(id: Int) -> String { #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"# }
