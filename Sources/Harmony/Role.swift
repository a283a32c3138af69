/// Who wrote a message (Harmony format, "Roles"), in descending order of authority when instructions conflict.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// The person or program that asks.
    case user
    /// The model.
    case assistant
    /// What the model is: identity, dates, effort, channels, built-in tools.
    case system
    /// What it should do: instructions and functions.
    case developer
    /// A tool's answer; such a message is rendered with the tool's name in the role's place.
    case tool
}
