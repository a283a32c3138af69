public import JSON

/// Whether requests can be carried out, and what an operator should know about it.
public struct Readiness: Sendable {
    /// Whether `/readyz` answers 200 instead of 503.
    public let isReady: Bool
    /// What `/readyz` shows beside `ready`.
    public let details: JSONObject

    /// Describes the state of the program.
    public init(isReady: Bool, details: JSONObject = [:]) {
        self.isReady = isReady
        self.details = details
    }
}
