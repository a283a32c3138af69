public import JSON

/// What a message cannot say for itself.
public struct MCPContext: Sendable {
    /// Whose state tools work on.
    public let session: SessionKey
    /// Where the message came in.
    public let connection: MCPConnection
    /// The protocol version, where the transport settles it; nil when each message does, as on a pipe.
    public let version: ProtocolVersion?
    /// Whether `tools/list` shows `cleanup_session`, which can be called either way.
    public let listsCleanUp: Bool
    /// What calls are taken to have as `dev.harmonium/stream` where they have none; nil for nothing.
    public let streamDetails: JSONValue?

    /// Describes where a message came from.
    public init(
        session: SessionKey,
        connection: MCPConnection,
        version: ProtocolVersion? = nil,
        listsCleanUp: Bool = false,
        streamDetails: JSONValue? = nil
    ) {
        self.session = session
        self.connection = connection
        self.version = version
        self.listsCleanUp = listsCleanUp
        self.streamDetails = streamDetails
    }
}
