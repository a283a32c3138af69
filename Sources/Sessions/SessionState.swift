/// What a tool keeps for one session, such as a process or open pages.
public protocol SessionState: Sendable {
    /// Whether it can be used; if not, the session's next use opens another.
    var isOpen: Bool { get }

    /// Whether there is something to use and to lose, or still a connection that waits for it.
    var hasBegun: Bool { get }

    /// Takes note that it was not used for so long; it may do with less until it is used again.
    func rest(after idle: Duration)

    /// Ends it and what runs on it; does not wait for that, and may be called more than once.
    func close()
}

extension SessionState {
    /// Goes on as it is.
    public func rest(after idle: Duration) {}
}

/// What a tool is asked for when a session is opened.
public struct SessionOpening: Sendable {
    /// Which session.
    public let session: SessionID
    /// What it is to reach of the network, in the tool's words.
    public let network: String
    /// The image that it is to begin with, in the tool's words; empty for none.
    public let image: String
    /// The tool calls it when the state has begun, and when it is no longer open.
    public let onChange: @Sendable () async -> Void
}

/// One use of a session, and who makes it.
public struct SessionUse: Sendable {
    /// Which session.
    public let session: SessionID
    /// Who asks; sessions are shared out among clients.
    public let client: String
    /// What the session is to reach of the network; nil for what it reaches, or what is usual.
    public let network: String?
    /// The image that the session is to begin with; nil for the one that it has, or what is usual.
    public let image: String?
    /// Whether the session holds something afterwards, which would be a loss.
    public let bringsContent: Bool

    /// A use of `session`.
    public init(
        _ session: SessionID,
        client: String = "",
        network: String? = nil,
        image: String? = nil,
        bringsContent: Bool = true
    ) {
        self.session = session
        self.client = client
        self.network = network
        self.image = image
        self.bringsContent = bringsContent
    }
}
