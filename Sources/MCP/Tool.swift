public import JSON
internal import Logging

/// Something that the model can call.
public protocol Tool: Sendable {
    /// What clients and the model learn about the tool; always the same.
    var description: ToolDescription { get }

    /// Carries out one call.
    ///
    /// What the model did wrong is a result with `isError`. The call ends promptly once its task is cancelled.
    /// - Parameter output: Takes the pieces of the output in order and never makes the tool wait; does nothing for a
    ///   caller that did not ask to see them.
    /// - Throws: `CancellationError`. Anything else is logged, and answered with an `isError` result.
    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult
}

/// One call of a tool.
public struct ToolCall: Sendable {
    /// What the model wrote, not validated; empty when it wrote nothing.
    public let arguments: JSONObject
    /// The session whose state the call works on.
    public let session: SessionKey

    /// A call with `arguments` on the state of `session`.
    public init(arguments: JSONObject, session: SessionKey) {
        self.arguments = arguments
        self.session = session
    }
}

/// A piece of a running call's output.
public struct ToolOutput: Sendable, Equatable {
    /// What the text of the result goes on with, exactly; can be shown at once. Empty where only ids have become certain.
    public let text: String
    /// The ids of the text so far that have become certain with this piece; nil from a tool that does not count tokens.
    ///
    /// A tool gives ids with all pieces or with none. All together, the ids are the encoding of all text.
    public let ids: [UInt32]?

    /// A piece of text, of a tool that counts tokens with its `ids`.
    public init(text: String, ids: [UInt32]? = nil) {
        self.text = text
        self.ids = ids
    }
}

extension Tool {
    /// Calls the tool and makes a result of every failure.
    /// - Returns: Nil once the caller is cancelled.
    package func result(
        of call: ToolCall,
        output: @escaping @Sendable (ToolOutput) async -> Void
    ) async -> ToolResult? {
        do {
            return try await self.call(call, output: output)
        } catch is CancellationError {
            // Not cancelled by the client, which therefore waits for an answer.
            return Task.isCancelled ? nil : ToolResult(text: "The call was cancelled.", isError: true)
        } catch {
            Logger.current.error("Tool failed", metadata: ["tool": "\(description.name)", "error": "\(error)"])
            let text = "The tool failed, for a reason that has nothing to do with the call. Try again in a moment."
            return ToolResult(text: text, isError: true)
        }
    }
}
