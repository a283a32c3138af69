/// Whose state a tool call works on.
public struct SessionKey: Sendable, Hashable {
    /// The name, as the client chose it (`x-session-id`) or as we minted it; at most 256 bytes.
    public let id: String
    /// Whether nobody but one connection can name it, so that its state is of no use once that has closed.
    public let endsWithConnection: Bool
    /// What the client wishes the session to reach of the network, in the tool's words; nil for what is usual there.
    public let network: String?

    /// Names a session.
    public init(id: String, endsWithConnection: Bool, network: String? = nil) {
        self.id = id
        self.endsWithConnection = endsWithConnection
        self.network = network
    }
}

extension SessionKey: CustomStringConvertible {
    /// The name.
    public var description: String { id }
}
