/// One session of one tool, as an operator sees it.
public struct SessionSummary: Equatable, Sendable {
    /// Which session.
    public let id: SessionID
    /// How long ago it was opened.
    public let age: Duration
    /// How long ago it was last used; zero while a call runs.
    public let idle: Duration
    /// Its calls that run or wait.
    public let calls: Int

    /// Describes a session.
    public init(id: SessionID, age: Duration, idle: Duration, calls: Int) {
        self.id = id
        self.age = age
        self.idle = idle
        self.calls = calls
    }
}

/// What there is for further sessions of a tool.
public struct SessionVacancy: Equatable, Sendable {
    /// How many may be opened.
    public let free: Int
    /// Whether one that is open would be ended for another.
    public let canMakeRoom: Bool
    /// When one last began, nil if none ever did.
    public let lastBegun: ContinuousClock.Instant?

    /// Describes what there is.
    public init(free: Int, canMakeRoom: Bool, lastBegun: ContinuousClock.Instant?) {
        self.free = free
        self.canMakeRoom = canMakeRoom
        self.lastBegun = lastBegun
    }
}

/// The sessions of one tool, as an operator sees them.
public protocol ToolSessions: Sendable {
    /// The sessions that are open.
    var summaries: [SessionSummary] { get async }

    /// What there is for further sessions.
    var vacancy: SessionVacancy { get async }

    /// Ends a session, its state and what runs on it; false if there is none.
    func end(_ session: SessionID) async -> Bool

    /// Ends every session.
    func endAll() async

    /// Ends sessions that are not used for longer than they are kept, until the task is cancelled.
    ///
    /// - Throws: `CancellationError`.
    func expireIdleSessions() async throws
}
