/// What can be set about the HTTP server.
public struct ServerSettings: Sendable {
    /// The addresses to listen on, all with the same port.
    ///
    /// The first has to be there; of the others those are left out that the machine does not have, such as `::1`.
    public var hosts = ["127.0.0.1", "::1"]
    /// The port; 0 takes any that is free.
    public var port = 8081
    /// Names that clients may use in `Host`, besides the loopback ones and `hosts`; `*` is any.
    public var allowedHosts: [String] = []
    /// Origins (`https://example.com`), besides those of ``allowsLocalOrigins``, whose pages may send requests; `*` is any.
    public var allowedOrigins: [String] = []
    /// Whether pages of `localhost`, `127.0.0.1` and `[::1]`, with any port and scheme, may send requests, as those of local
    /// tools do.
    public var allowsLocalOrigins = true
    /// How large the body of a request may be, in bytes.
    public var bodyBytesMax = 8 * 1024 * 1024
    /// How much the bodies of all requests under way may take together, in bytes, beside the first 16 KiB of each.
    public var bodiesBytesMax = 64 * 1024 * 1024
    /// How long a stream of events is silent before a comment shows that it is alive.
    public var keepAlive = Duration.seconds(10)
    /// How many sockets there may be; those without a request make room, and 1 in 16 is kept for `/healthz`.
    public var socketsMax = 4096
    /// How long a socket is kept on which no request is under way.
    public var socketIdle = Duration.seconds(5 * 60)
    /// How long the head of a request may take from its first byte on.
    public var headTime = Duration.seconds(10)
    /// How long a body may take for ``bodyBytesPerWindow``, or what is left of it.
    public var bodyWindow = Duration.seconds(10)
    /// How many bytes of a body have to come in each ``bodyWindow``.
    public var bodyBytesPerWindow = 16 * 1024
    /// How many streams of the legacy transport may be open per namespace.
    public var connectionsMax = 1024
    /// How many requests one client may have running.
    public var requestsMax = 64
    /// How many WebSockets may be open, of which one client has at most ``requestsMax``.
    public var webSocketsMax = 1024
    /// How long a WebSocket may be open; a response that is under way by then ends first.
    public var webSocketAge = Duration.seconds(60 * 60)
    /// How many sessions of Streamable HTTP are kept per namespace; the longest idle one of the client with most makes room.
    public var sessionsMax = 1024
    /// How long a session of Streamable HTTP is kept after its last request.
    public var sessionIdle = Duration.seconds(20 * 60)
    /// How long a session in which a tool was called must have been without use to be ended for another.
    public var roomIdle = Duration.seconds(60)
    /// How long running calls may go on once the server is asked to stop, before they are cancelled.
    public var drain = Duration.seconds(10)

    /// Starts with the defaults.
    public init() {}
}
