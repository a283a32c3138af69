import JSON
import MCP
import Synchronization

/// A namespace of one tool, which does what the test says.
struct FakeNamespace: ToolNamespace {
    let name = "python"
    let instructions = "Runs Python."
    let tools: [any Tool]
    let cleaned = Recorder<SessionKey>()

    init(_ body: @escaping FakeTool.Body = { call, _ in ToolResult(text: "ran \(call.arguments.count)") }) {
        tools = [FakeTool(body: body)]
    }

    func cleanUp(_ session: SessionKey) async { cleaned.append(session) }
}

struct FakeTool: Tool {
    typealias Body = @Sendable (ToolCall, @Sendable (ToolOutput) async -> Void) async throws -> ToolResult

    let description = ToolDescription(name: "python", description: "Runs code.", isHiddenFromPrompt: true)
    let body: Body

    func call(_ call: ToolCall, output: @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        try await body(call, output)
    }
}

/// Keeps what it is given, in order.
final class Recorder<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) { elements.withLock { $0.append(element) } }
}

/// Something to wait for: closed until it is opened, once, for one who waits.
struct Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    /// Returns once the gate is open, or when the task is cancelled.
    func wait() async { for await _ in stream {} }
}

extension MCPServer {
    /// What the server sends in answer to `text`, as values.
    func answers(
        to text: String,
        version: ProtocolVersion? = nil,
        connection: MCPConnection = MCPConnection(),
        listsCleanUp: Bool = false,
        streamDetails: JSONValue? = nil
    ) async throws -> [JSONValue] {
        let session = SessionKey(id: "session", endsWithConnection: false)
        let context = MCPContext(
            session: session,
            connection: connection,
            version: version,
            listsCleanUp: listsCleanUp,
            streamDetails: streamDetails
        )
        let sent = Recorder<OutgoingMessage>()
        await respond(to: Array(text.utf8), in: context) { sent.append($0) }
        return try sent.all.map { try JSONValue(parsing: $0.bytes) }
    }
}
