public import Sessions

/// Whose state a tool call works on.
public struct SessionKey: Sendable, Hashable {
    /// The name, as the client chose it (`x-session-id`) or as we minted it; at most 256 bytes.
    public let id: String
    /// Whether only one connection can name it, so that its state is of no use once that has closed.
    public let endsWithConnection: Bool
    /// What the client wishes the session to reach of the network, in the tool's words; nil for what is usual there.
    public let network: String?
    /// The image that the client wishes the session to begin with, in the tool's words; nil for what is usual there.
    public let image: String?
    /// Who asks, by any name, for what clients share; it does not tell one session from another.
    public let client: String

    /// Names a session.
    public init(
        id: String,
        endsWithConnection: Bool,
        network: String? = nil,
        image: String? = nil,
        client: String = ""
    ) {
        self.id = id
        self.endsWithConnection = endsWithConnection
        self.network = network
        self.image = image
        self.client = client
    }

    /// Whether both name the same session, whatever client asks.
    public static func == (first: SessionKey, second: SessionKey) -> Bool {
        first.id == second.id && first.endsWithConnection == second.endsWithConnection
            && first.network == second.network && first.image == second.image
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(endsWithConnection)
        hasher.combine(network)
        hasher.combine(image)
    }
}

extension SessionKey {
    /// The session as the tools know it.
    public var session: SessionID { SessionID(id) }
}

extension SessionKey: CustomStringConvertible {
    /// The name.
    public var description: String { id }
}
