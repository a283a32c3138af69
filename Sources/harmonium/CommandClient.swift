internal import AsyncHTTPClient
internal import Foundation
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import PythonText
internal import Responses

/// Runs commands in sessions of a running server, with their input and output as they come.
struct CommandClient: Sendable {
    /// What a command is sent while it runs.
    enum Input: Sendable {
        case bytes([UInt8])
        case end
        case resize(rows: UInt16, columns: UInt16)
        case signal(Int)
    }

    /// Sends input, each piece after the one before was taken.
    typealias Typing = @Sendable (_ send: @escaping @Sendable (Input) async throws -> Void) async throws -> Void

    private let commands: String
    private let session: String
    private static let lineBytesMax = 1 << 20

    init(server: String, session: String) {
        self.session = "\(server)/v1/sessions/\(session.percentEncodedAsOnePart)"
        commands = "\(self.session)/commands"
    }

    /// Runs a command until it ends.
    ///
    /// - Parameters:
    ///   - body: The command, as `POST /v1/sessions/{id}/commands` takes it.
    ///   - typing: Sends it input; begins once the command runs, and is cancelled when that has ended.
    ///   - output: Takes what the command writes.
    /// - Returns: Its status, as shells have it.
    func run(_ body: JSONObject, typing: @escaping Typing, output: ([UInt8]) -> Void) async throws -> Int {
        let request = ToolClient.request(posting: body, to: commands)
        return try await ToolClient.withResponse(to: request) { response in
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 1 << 16)
                let json = try? JSONValue(parsing: Array(body.readableBytesView))
                throw ToolClientError(json?["error"]?.string ?? "\(commands) answered \(response.status)")
            }
            return try await follow(response, typing: typing, output: output)
        }
    }

    /// Ends the session, with its files.
    func endSession() async throws {
        var request = HTTPClientRequest(url: session)
        request.method = .DELETE
        _ = try await ToolClient.json(answering: request)
    }

    private func follow(
        _ response: HTTPClientResponse,
        typing: @escaping Typing,
        output: ([UInt8]) -> Void
    ) async throws -> Int {
        var task: Task<Void, any Error>?
        defer { task?.cancel() }
        var events = EventData(lineBytesMax: CommandClient.lineBytesMax)
        for try await piece in response.body {
            guard let data = events.take(piece.readableBytesView) else { break }
            for event in try data.map({ try JSONValue(parsing: $0) }) {
                if let number = event["command"]?.integer {
                    // Ends with the command, at the latest.
                    task = Task {
                        try await HTTPClient.withHTTPClient { client in
                            try await typing { try await send($0, to: number, by: client) }
                        }
                    }
                } else if let base64 = event["output"]?.string, let bytes = [UInt8](base64: base64) {
                    output(bytes)
                } else if let code = event["exit_code"]?.integer {
                    return code
                } else if let error = event["error"]?.string {
                    throw ToolClientError(error)
                }
            }
        }
        throw ToolClientError("the server ended the stream before the command had ended; look at its log")
    }

    private func send(_ input: Input, to number: Int, by client: HTTPClient) async throws {
        // Refused once the command has ended, which its stream says.
        let response = try await client.execute(request(sending: input, to: number), timeout: .seconds(60))
        _ = try await response.body.collect(upTo: 1 << 16)
    }

    private func request(sending input: Input, to number: Int) -> HTTPClientRequest {
        let (path, method, body): (String, HTTPMethod, [UInt8]) =
            switch input {
            case .bytes(let bytes): ("input", .POST, bytes)
            case .end: ("end-input", .POST, [])
            case .resize(let rows, let columns):
                (
                    "terminal", .PUT,
                    (["rows": .integer(Int(rows)), "columns": .integer(Int(columns))] as JSONValue).encoded()
                )
            case .signal(let signal): ("signal", .POST, (["signal": .integer(signal)] as JSONValue).encoded())
            }
        var request = HTTPClientRequest(url: "\(commands)/\(number)/\(path)")
        request.method = method
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }
}
