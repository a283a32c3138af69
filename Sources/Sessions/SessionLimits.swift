/// The limits on a tool's sessions.
public struct SessionLimits: Sendable {
    /// Sessions open at a time.
    public let sessionsMax: Int
    /// How long a session is kept without use.
    public let idle: Duration
    /// How long a session that holds something must have been without use to be ended for another.
    public let roomIdle: Duration
    /// Calls that run at a time in one session.
    public let callsMax: Int
    /// Calls that may wait for one session.
    public let waitingMax: Int

    /// All limits.
    public init(
        sessionsMax: Int = 256,
        idle: Duration = .seconds(1200),
        roomIdle: Duration = .seconds(60),
        callsMax: Int = 1,
        waitingMax: Int = 16
    ) {
        self.sessionsMax = sessionsMax
        self.idle = idle
        self.roomIdle = roomIdle
        self.callsMax = callsMax
        self.waitingMax = waitingMax
    }
}
