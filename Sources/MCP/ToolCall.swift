public import JSON

/// One call of a tool.
public struct ToolCall: Sendable {
    /// What the model wrote, not validated; empty when it wrote nothing.
    public let arguments: JSONObject
    /// Whose state the call works on.
    public let session: SessionKey

    /// Calls with `arguments` on the state of `session`.
    public init(arguments: JSONObject, session: SessionKey) {
        self.arguments = arguments
        self.session = session
    }
}
