/// A run that could not be carried out; what the code itself did wrong is an outcome.
public struct RunError: Error, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// No worker answers now.
        case unavailable
        /// As many sessions are open as may be.
        case tooManySessions
        /// As many runs wait for this session as may.
        case tooManyWaiting
        /// As many cells run as may, and none ended in time; nothing of this one was run.
        case noPlaceInTime
        /// The session's process is gone, with its variables; the run may have had effects.
        case sessionLost
        /// The session was ended while the run waited or ran.
        case sessionEnded
        /// No session is offered what this one was to reach of the network.
        case networkNotOffered
        /// The session has begun with another network.
        case networkDiffers
        /// The source is longer than a frame.
        case sourceTooLong
    }

    /// What went wrong.
    public let code: Code
    /// The failure underneath, for the log.
    public let cause: (any Error)?

    /// A run that was not carried out.
    public init(_ code: Code, cause: (any Error)? = nil) {
        self.code = code
        self.cause = cause
    }

    /// The code and the failure underneath.
    public var description: String { cause.map { "\(code): \($0)" } ?? "\(code)" }
}
