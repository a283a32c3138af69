/// The tools a serving layer sees under one URL, such as `python`.
public protocol ToolNamespace: Sendable {
    /// The name by which serving layers find the namespace, and the first part of its URL.
    var name: String { get }
    /// The description of the namespace as a whole, for the model.
    var instructions: String { get }
    /// The tools in the order in which they are listed; always the same. `cleanup_session` can be called beside them.
    var tools: [any Tool] { get }
    /// What sessions have for clients to read beside the results of calls; nil for nothing.
    var resources: (any ResourceStore)? { get }

    /// Ends the session's state, and any running call of it.
    ///
    /// Idempotent and fast, also for a session that never had any state.
    func cleanUp(_ session: SessionKey) async
}

extension ToolNamespace {
    /// Nothing.
    public var resources: (any ResourceStore)? { nil }
}

/// Lets a client end its session, which serving layers do when a response is complete.
struct CleanUpTool: Tool {
    static let name = "cleanup_session"

    let namespace: any ToolNamespace

    let description = ToolDescription(
        name: name,
        title: "End the session",
        description: "Ends the session and drops all of its state. Safe to call at any time, and more than once.",
        hints: ToolDescription.Hints(isDestructive: true, isIdempotent: true, isOpenWorld: false),
        isHiddenFromPrompt: true
    )

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        await namespace.cleanUp(call.session)
        return ToolResult(text: "The session has ended.")
    }
}
