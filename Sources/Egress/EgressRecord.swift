internal import Logging

/// What became of one connection: the audit's line.
public struct EgressRecord: Equatable, Sendable {
    /// Whether anything went outside.
    public enum Verdict: String, Sendable {
        /// A connection was made.
        case allowed
        /// The policy or a limit forbade it, or it could not be understood.
        case refused
        /// It was allowed and could not be made.
        case failed
    }

    /// Why it ended.
    public enum Reason: String, Sendable {
        /// Both ends had said all they had to say.
        case completed
        /// What was asked, or answered, is not HTTP as we accept it.
        case malformed
        /// No pattern allows it.
        case notAllowed = "not-allowed"
        /// It is allowed by name, and has no address that is.
        case guardedAddress = "guarded-address"
        /// Its name has no address.
        case unresolvable
        /// No address of it accepts connections.
        case unreachable
        /// The session has as many connections as it may.
        case tooManyConnections = "too-many-connections"
        /// The connection has transferred as much as it may.
        case connectionBytes = "connection-bytes"
        /// The session has transferred as much as it may.
        case sessionBytes = "session-bytes"
        /// The request took too long to arrive.
        case headTime = "head-time"
        /// Finding the host or connecting to it took too long.
        case connectTime = "connect-time"
        /// Nothing moved for too long.
        case idleTime = "idle-time"
        /// It lasted as long as it may.
        case lifetime
        /// One of the two ends broke off.
        case interrupted
        /// The session is over.
        case cancelled
    }

    /// Which session it was.
    public let session: String
    /// What it asked for; nil if it never got to say so.
    public let host: String?
    /// The port it asked for.
    public let port: Int?
    /// The vetted address that was connected to.
    public let address: String?
    /// Whether anything went outside.
    public let verdict: Verdict
    /// Why it ended.
    public let reason: Reason
    /// Bytes that went from the session to the outside.
    public let bytesUp: Int
    /// Bytes that came from the outside.
    public let bytesDown: Int
    /// From being accepted to being closed.
    public let duration: Duration
    /// How many connections of the session before this one have no record, for there were too many of them.
    public internal(set) var leftOutCount = 0

    /// Writes `record` to the logger of the task that serves the session.
    public static func log(_ record: EgressRecord) {
        var metadata: Logger.Metadata = [
            "session.id": "\(record.session)",
            "egress.verdict": "\(record.verdict.rawValue)",
            "egress.reason": "\(record.reason.rawValue)",
            "egress.bytes.up": "\(record.bytesUp)",
            "egress.bytes.down": "\(record.bytesDown)",
            "egress.duration": "\(record.duration)",
        ]
        if let host = record.host, let port = record.port { metadata["egress.destination"] = "\(host):\(port)" }
        if let address = record.address { metadata["egress.address"] = "\(address)" }
        if record.leftOutCount > 0 { metadata["egress.left-out"] = "\(record.leftOutCount)" }
        Logger.current.info("Egress", metadata: metadata)
    }

    /// Writes how many of a session's last connections have no record.
    static func logLeftOut(_ count: Int, session: String) {
        guard count > 0 else { return }
        Logger.current.info("Egress not logged", metadata: ["session.id": "\(session)", "egress.left-out": "\(count)"])
    }
}
