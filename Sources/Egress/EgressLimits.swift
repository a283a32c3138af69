/// How much a session may take of the outside.
public struct EgressLimits: Sendable {
    /// Connections of one session at a time; one more is refused with 503.
    public var connectionsMax = 32
    /// Bytes of one connection in each direction.
    public var connectionBytesMax = 256 << 20
    /// Bytes of one session in both directions together, for as long as it is served.
    public var sessionBytesMax = 1 << 30
    /// Bytes of a request before its body.
    public var headBytesMax = 16 << 10
    /// How long a session may take to send a request's head.
    public var headTime = Duration.seconds(10)
    /// How long it may take to find a host, and again to connect to it.
    public var connectTime = Duration.seconds(10)
    /// How long a connection may be silent in both directions.
    public var idleTime = Duration.seconds(60)
    /// How long a connection may last.
    public var lifetime = Duration.seconds(600)

    /// Connections that are audited one by one, for those that were allowed and again for all others; where there are more,
    /// ``auditsPerMinuteMax`` of them.
    public var auditBurstMax = 100
    /// Connections that are audited in a minute once ``auditBurstMax`` were; how many were not is in the next record.
    public var auditsPerMinuteMax = 60

    /// The defaults, to be changed one by one.
    public init() {}
}
