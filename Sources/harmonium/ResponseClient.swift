internal import AsyncHTTPClient
internal import Foundation
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import Responses

/// Asks a running server for responses, and follows their events.
struct ResponseClient: Sendable {
    private static let lineBytesMax = 16 << 20

    let server: String

    /// Asks, and gives each event as it comes.
    ///
    /// - Parameter body: The request, as `POST /v1/responses` takes it; `stream` is set.
    /// - Returns: The response, as the last event has it.
    func response(to body: JSONObject, onEvent: (JSONValue) -> Void) async throws -> JSONValue {
        var body = body
        body["stream"] = true
        let request = ToolClient.request(posting: body, to: "\(server)/v1/responses")
        return try await ToolClient.withResponse(to: request) { response in
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 1 << 16)
                let json = try? JSONValue(parsing: Array(body.readableBytesView))
                let hint = response.status == .notFound ? "; start the server with --engine" : ""
                throw ToolClientError(
                    json?["error"]?["message"]?.string ?? json?["error"]?.string.map { $0 + hint }
                        ?? "\(server)/v1/responses answered \(response.status)\(hint)"
                )
            }
            return try await follow(response, onEvent: onEvent)
        }
    }

    private func follow(_ response: HTTPClientResponse, onEvent: (JSONValue) -> Void) async throws -> JSONValue {
        var events = EventData(lineBytesMax: Self.lineBytesMax)
        for try await piece in response.body {
            guard let data = events.take(piece.readableBytesView) else { break }
            for event in data {
                let json = try JSONValue(parsing: event)
                onEvent(json)
                switch json["type"]?.string {
                case "response.completed", "response.incomplete": return json["response"] ?? [:]
                case "response.failed":
                    let error = json["response"]?["error"]
                    throw ToolClientError(error?["message"]?.string ?? "the response failed")
                default: break
                }
            }
        }
        throw ToolClientError("the server ended the stream before the response had ended; look at its log")
    }
}
