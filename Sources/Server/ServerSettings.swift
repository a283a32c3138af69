/// What can be set about the HTTP server.
public struct ServerSettings: Sendable {
    /// The addresses to listen on, all with the same port.
    ///
    /// The first has to be there; of the others those are left out that the machine does not have, such as `::1`.
    public var hosts = ["127.0.0.1", "::1"]
    /// The port; 0 takes any that is free.
    public var port = 8081
    /// Names, beside the loopback ones and `hosts`, under which clients may ask for us; `*` allows any.
    public var allowedHosts: [String] = []
    /// Origins (`https://example.com`), beside the loopback ones, whose pages may ask; `*` allows any.
    public var allowedOrigins: [String] = []
    /// How large the body of a request may be, in bytes.
    public var bodyBytesMax = 8 * 1024 * 1024
    /// How long a stream of events is silent before a comment shows that it is alive.
    public var keepAlive = Duration.seconds(10)
    /// How many sockets one address accepts; the others wait to be accepted.
    public var socketsMax = 4096
    /// How long a socket is kept on which no request is under way, or one that does not arrive.
    public var socketIdle = Duration.seconds(5 * 60)
    /// How many streams of the legacy transport may be open per namespace.
    public var connectionsMax = 1024
    /// How many requests one client may have running.
    public var requestsMax = 64
    /// How many sessions of Streamable HTTP are kept per namespace; the least recently used one makes room.
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
