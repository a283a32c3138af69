extension Sandbox {
    /// The limits on sessions.
    public struct Limits: Sendable {
        /// Sessions open at a time.
        public let sessionsMax: Int
        /// Cells that run at a time, in all sessions; further ones wait.
        public let runningMax: Int
        /// How long a cell may wait for its place to run.
        public let queue: Duration
        /// How long a session is kept without use.
        public let idle: Duration
        /// How long a session with state must have been without use to be ended for another.
        public let roomIdle: Duration
        /// Runs that may wait for one session.
        public let waitingMax: Int
        /// How long the worker gives an interrupted cell.
        public let grace: Duration

        /// All limits.
        public init(
            sessionsMax: Int = 256,
            runningMax: Int = 256,
            queue: Duration = .seconds(60),
            idle: Duration = .seconds(1200),
            roomIdle: Duration = .seconds(60),
            waitingMax: Int = 16,
            grace: Duration = .seconds(2)
        ) {
            self.sessionsMax = sessionsMax
            self.runningMax = runningMax
            self.queue = queue
            self.idle = idle
            self.roomIdle = roomIdle
            self.waitingMax = waitingMax
            self.grace = grace
        }
    }

    /// What there is for further sessions.
    public struct Vacancy: Equatable, Sendable {
        /// How many may be opened.
        public let free: Int
        /// Whether one that is open would be ended for another.
        public let canMakeRoom: Bool
        /// When the worker last gave a session, nil if it never did.
        public let lastOpened: ContinuousClock.Instant?
    }
}
