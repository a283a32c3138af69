import MCP
import Synchronization

/// A namespace of one tool, which runs a closure.
struct FakeNamespace: ToolNamespace {
    let name = "python"
    let instructions = "Runs Python."
    let tools: [any Tool]
    /// The sessions that were cleaned up, as it happens.
    let cleaned = Events<SessionKey>()

    init(_ body: @escaping FakeTool.Body = { call, _ in ToolResult(text: "ran on \(call.session)") }) {
        tools = [FakeTool(body: body)]
    }

    func cleanUp(_ session: SessionKey) async { cleaned.report(session) }
}

struct FakeTool: Tool {
    typealias Body = @Sendable (ToolCall, @Sendable (ToolOutput) async -> Void) async throws -> ToolResult

    let description = ToolDescription(
        name: "python",
        description: "Runs code.",
        isHiddenFromPrompt: true,
        textArgument: "code"
    )
    let body: Body

    func call(_ call: ToolCall, output: @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        try await body(call, output)
    }
}

/// Calls that start, and go on until they are cancelled.
struct EndlessCalls: Sendable {
    let started = Events<SessionKey>()
    let cancelled = Events<SessionKey>()

    var namespace: FakeNamespace {
        FakeNamespace { call, output in
            await output(ToolOutput(text: "started"))
            started.report(call.session)
            await Gate().wait()
            cancelled.report(call.session)
            throw CancellationError()
        }
    }
}

/// What happened, for one who waits for it.
struct Events<Element: Sendable>: Sendable {
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation
    private let count = Counter()

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// How many times it has happened.
    var number: Int { count.value.withLock { $0 } }

    func report(_ element: Element) {
        count.value.withLock { $0 += 1 }
        continuation.yield(element)
    }

    /// Says that it will not happen again.
    func finish() { continuation.finish() }

    /// Waits until it happens for the next time; nil when it never will.
    func next() async -> Element? { await stream.first { _ in true } }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }
}

/// Something to wait for: closed until it is opened, once.
struct Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    /// Returns once the gate is open, or when the task is cancelled.
    func wait() async { for await _ in stream {} }
}
