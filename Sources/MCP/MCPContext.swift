/// What a message cannot say for itself.
public struct MCPContext: Sendable {
    /// Whose state tools work on.
    public let session: SessionKey
    /// Where the message came in.
    public let connection: MCPConnection
    /// The protocol version, where the transport settles it; nil when each message does, as on a pipe.
    public let version: ProtocolVersion?

    /// Describes where a message came from.
    public init(session: SessionKey, connection: MCPConnection, version: ProtocolVersion? = nil) {
        self.session = session
        self.connection = connection
        self.version = version
    }
}
