import JSON
import MCP

/// A namespace of one tool, which says how many words a text has.
struct Words: ToolNamespace {
    let name = "words"
    let instructions = "Counts words."
    let tools: [any Tool] = [Count()]

    func cleanUp(_ session: SessionKey) async {}

    private struct Count: Tool {
        let description = ToolDescription(name: "count", description: "Says how many words `text` has.")

        func call(
            _ call: ToolCall,
            output: @escaping @Sendable (ToolOutput) async -> Void
        ) async throws -> ToolResult {
            guard let text = call.arguments["text"]?.string else {
                return ToolResult(text: "Say what to count, as `text`.", isError: true)
            }
            return ToolResult(text: "\(text.split(separator: " ").count)")
        }
    }
}

/// Answers one message of MCP, without any transport.
func respond(to message: String) async {
    let server = MCPServer(namespace: Words(), version: "1.0")
    let session = SessionKey(id: "example", endsWithConnection: true)
    let context = MCPContext(session: session, connection: MCPConnection())
    await server.respond(to: Array(message.utf8), in: context) { answer in
        print(String(decoding: answer.bytes, as: UTF8.self))
    }
}
