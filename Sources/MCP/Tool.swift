/// Something the model can call.
public protocol Tool: Sendable {
    /// What clients and the model are told; always the same.
    var description: ToolDescription { get }

    /// Carries out one call.
    ///
    /// What the model did wrong is a result with `isError`. The call ends promptly once its task is cancelled. Throws
    /// only `CancellationError`; anything else thrown is logged, and answered with an `isError` result.
    /// - Parameter output: Takes the pieces of the output in order and never makes the tool wait; does nothing
    ///   for a caller that did not ask to see them.
    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult
}
