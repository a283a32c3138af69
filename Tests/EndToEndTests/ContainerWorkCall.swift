import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1

extension Daemon {
    /// Starts a program with a terminal in a session's container, and types into it until it has shown `text`.
    func terminal(
        _ words: [String],
        named name: String,
        in session: String,
        typing inputs: [(characters: String, until: String)]
    ) async throws -> String {
        let command = JSONValue.array(words.map { .string($0) })
        var shown = try await container("exec", ["cmd": command, "session_name": .string(name)], in: session).text
        for (characters, text) in inputs {
            var typed = characters
            var answer = ""
            // The tool waits; the number of waits bounds a program that never shows it.
            for _ in 0..<40 where !answer.contains(text) {
                let arguments: JSONObject = [
                    "session_name": .string(name), "chars": .string(typed), "yield_time_ms": 500,
                ]
                answer += try await container("feed_chars", arguments, in: session).text
                typed = ""
            }
            shown += answer
        }
        return shown
    }

    /// Calls a tool of container; `image` is the image that the session wishes.
    func container(
        _ tool: String,
        _ arguments: JSONObject,
        in session: String,
        image: String? = nil
    ) async throws -> Answer {
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": .string(tool), "arguments": .object(arguments), "_meta": .object(Call.statelessMeta)],
        ]
        var request = HTTPClientRequest(url: "\(base)/container/mcp")
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool,
            "x-session-id": session,
        ]
        if let image { request.headers.add(name: "x-session-image", value: image) }
        request.body = .bytes(ByteBuffer(bytes: message.encoded()))
        let response = try await http.execute(request, timeout: .minutes(2))
        guard response.status == .ok else { throw Refusal(message: "\(response.status)") }
        var events = Events(response)
        return try await Answer(from: &events)
    }
}
