internal import AsyncHTTPClient
internal import Foundation
internal import JSON
internal import MCP
internal import NIOCore
internal import NIOHTTP1
internal import Responses

/// Calls tools of a running server by Streamable HTTP, revision 2026-07-28: one request, one event stream.
struct ToolClient {
    private static let protocolVersion = "2026-07-28"
    private static let answerBytesMax = 16 << 20

    let server: String

    /// Calls a tool of a namespace; `output` gets the text as it comes, and a newline at the end.
    func call(
        _ tool: String,
        of namespace: String,
        arguments: JSONObject,
        session: String?,
        output: (String) -> Void
    ) async throws -> ToolResult {
        let request = try request(
            method: "tools/call",
            name: tool,
            namespace: namespace,
            parameters: ["name": .string(tool), "arguments": .object(arguments)],
            session: session
        )
        let message = try await answer(to: request, output: output)
        return try finish(message.answer, shown: message.shown, output: output)
    }

    /// The text of a resource of a session.
    func read(_ uri: String, of namespace: String, session: String) async throws -> String {
        let request = try request(
            method: "resources/read",
            name: uri,
            namespace: namespace,
            parameters: ["uri": .string(uri)],
            session: session
        )
        let message = try await answer(to: request) { _ in }.answer
        if let error = message["error"]?["message"]?.string { throw ToolClientError(error) }
        guard let text = message["result"]?["contents"]?.array?.first?["text"]?.string else {
            throw ToolClientError("\(server) sent a resource without text")
        }
        return text
    }

    /// The message that answers `request`, and what was shown of it before.
    private func answer(
        to request: HTTPClientRequest,
        output: (String) -> Void
    ) async throws -> (answer: JSONValue, shown: String) {
        try await ToolClient.withResponse(to: request) { response in
            guard response.status == .ok else {
                let body = try? await response.body.collect(upTo: 1 << 16)
                throw ToolClientError("\(server) answered \(response.status): \(body.map { String(buffer: $0) } ?? "")")
            }
            return try await answer(from: response, output: output)
        }
    }

    /// Runs `body` with the response of a server, and closes the connection.
    static func withResponse<Value>(
        to request: HTTPClientRequest,
        _ body: (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        // A server that is not there now will not be there in a moment.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(configuration: configuration)
        defer { client.shutdown { _ in } }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: .hours(24))
        } catch {
            throw ToolClientError(
                "no server answers at \(request.url) (\(error)); start one with `harmonium serve`",
                isMissing: true
            )
        }
        return try await body(response)
    }

    /// A request that posts `body` as JSON, and wants its answer as events.
    static func request(posting body: JSONObject, to url: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "Accept": "text/event-stream"]
        request.body = .bytes(ByteBuffer(bytes: JSONValue.object(body).encoded()))
        return request
    }

    /// The JSON that a server answers, null for an empty body.
    ///
    /// - Throws: ``ToolClientError`` with the server's own sentence where it refuses.
    static func json(answering request: HTTPClientRequest) async throws -> JSONValue {
        try await withResponse(to: request) { response in
            let body = try await response.body.collect(upTo: answerBytesMax)
            let json = body.readableBytes == 0 ? .null : try JSONValue(parsing: Array(body.readableBytesView))
            guard (200...299).contains(response.status.code) else {
                throw ToolClientError(json["error"]?.string ?? "\(request.url) answered \(response.status)")
            }
            return json
        }
    }

    private func request(
        method: String,
        name: String,
        namespace: String,
        parameters: JSONObject,
        session: String?
    ) throws -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "\(server)/\(namespace)/mcp")
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": ToolClient.protocolVersion, "Mcp-Method": method, "Mcp-Name": name,
        ]
        if let session { request.headers.add(name: "x-session-id", value: session) }
        let prefix = "io.modelcontextprotocol"
        var parameters = parameters
        parameters["_meta"] = [
            "progressToken": 1, "\(prefix)/protocolVersion": .string(ToolClient.protocolVersion),
            "\(prefix)/clientCapabilities": [:],
            "\(prefix)/clientInfo": ["name": "harmonium", "version": .string(version)],
        ]
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(parameters),
        ]
        request.body = .bytes(ByteBuffer(bytes: message.encoded()))
        return request
    }

    private func answer(
        from response: HTTPClientResponse,
        output: (String) -> Void
    ) async throws -> (answer: JSONValue, shown: String) {
        var shown = ""
        var events = EventData(lineBytesMax: ToolClient.answerBytesMax)
        for try await piece in response.body {
            guard let data = events.take(piece.readableBytesView) else { break }
            for message in try data.map({ try JSONValue(parsing: $0) }) {
                if let delta = message["params"]?["message"]?.string {
                    shown += delta
                    output(delta)
                } else if message["result"] != nil || message["error"] != nil {
                    return (message, shown)
                }
            }
        }
        throw ToolClientError("\(server) ended the stream without a result; look at its log")
    }

    private func finish(_ message: JSONValue, shown: String, output: (String) -> Void) throws -> ToolResult {
        if let error = message["error"]?["message"]?.string { throw ToolClientError("\(server) refused: \(error)") }
        guard let result = message["result"], case .array(let blocks)? = result["content"] else {
            throw ToolClientError("\(server) sent a result without content")
        }
        let content = blocks.compactMap(Content.init(reading:))
        guard case .text(let text)? = content.first else {
            throw ToolClientError("\(server) sent a result without text")
        }
        output((text.hasPrefix(shown) ? String(text.dropFirst(shown.count)) : "\n\(text)") + "\n")
        return ToolResult(
            content: content,
            isError: result["isError"] == .bool(true),
            meta: result["_meta"]?.object ?? [:]
        )
    }
}

/// A call that got no result.
struct ToolClientError: Error, CustomStringConvertible {
    let description: String
    /// Whether there is no server to call.
    let isMissing: Bool

    init(_ description: String, isMissing: Bool = false) {
        self.description = description
        self.isMissing = isMissing
    }
}

extension Content {
    fileprivate init?(reading block: JSONValue) {
        switch block["type"]?.string {
        case "text": self = .text(block["text"]?.string ?? "")
        case "image":
            guard let base64 = block["data"]?.string, let data = [UInt8](base64: base64) else { return nil }
            self = .image(data: data, mimeType: block["mimeType"]?.string ?? "")
        default: return nil
        }
    }
}
