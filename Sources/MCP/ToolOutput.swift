/// A piece of a running call's output.
public struct ToolOutput: Sendable, Equatable {
    /// What the text of the result goes on with, exactly, and valid to show at once.
    public let text: String

    /// A piece of text.
    public init(text: String) {
        self.text = text
    }
}
