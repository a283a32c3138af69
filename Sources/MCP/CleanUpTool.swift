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
