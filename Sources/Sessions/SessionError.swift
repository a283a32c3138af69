/// A use of a session that was not carried out; what code in the session itself did wrong is a result.
public struct SessionError: Error, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// No worker answers now.
        case unavailable
        /// As many sessions are open as may be, and none can make room.
        case tooManySessions
        /// As many calls wait for this session as may.
        case tooManyWaiting
        /// As many calls run as may, and none ended in time; this one did not begin.
        case noPlaceInTime
        /// The session's process is gone, with its state; the call may have had effects.
        case lost
        /// The session was ended while the call waited or ran.
        case ended
        /// No session is offered what this one was to reach of the network.
        case networkNotOffered
        /// The session has begun with another network.
        case networkDiffers
        /// No session can begin with the image that this one was to have.
        case imageNotOffered
        /// The session has begun with another image.
        case imageDiffers
        /// The call is longer than a frame.
        case callTooLong
    }

    /// What went wrong.
    public let code: Code
    /// The failure underneath, for the log.
    public let cause: (any Error)?

    /// A use that was not carried out.
    public init(_ code: Code, cause: (any Error)? = nil) {
        self.code = code
        self.cause = cause
    }

    /// The code and the failure underneath.
    public var description: String { cause.map { "\(code): \($0)" } ?? "\(code)" }
}

/// Why a session that was used before begins with nothing.
public enum SessionLoss: Equatable, Sendable {
    /// What kept it is gone: its process, or the worker of that.
    case lost
    /// It was not used for longer than it is kept.
    case expired
    /// It was not used for some time, and another took its place.
    case madeRoom
}
