public import Sessions

extension Sandbox {
    /// The limits on sessions and runs.
    public struct Limits: Sendable {
        /// The limits on sessions.
        public let sessions: SessionLimits
        /// Cells that run at a time, in all sessions; further ones wait.
        public let runningMax: Int
        /// How long a cell may wait for its place to run.
        public let queue: Duration
        /// How long the worker gives an interrupted cell.
        public let grace: Duration

        /// All limits.
        public init(
            sessions: SessionLimits = SessionLimits(),
            runningMax: Int = 256,
            queue: Duration = .seconds(60),
            grace: Duration = .seconds(2)
        ) {
            self.sessions = sessions
            self.runningMax = runningMax
            self.queue = queue
            self.grace = grace
        }
    }
}
