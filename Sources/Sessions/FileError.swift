internal import Glibc

/// A request about a session's file that was not carried out.
public struct FileError: Error, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Reason: Equatable, Sendable {
        /// There is no such file, or no such directory for it.
        case notFound
        /// It is not a regular file, or is reached through a link.
        case notRegular
        /// It is larger than can be moved.
        case tooLarge
        /// The session's disk is full.
        case noSpace
        /// The path is empty, absolute, leads out of the directory or is too long.
        case badPath
        /// The session cannot be reached now, or cannot be opened.
        case unavailable
        /// The session's file system refused it, with this `errno`.
        case refused(errno: Int32)
    }

    /// What went wrong.
    public let reason: Reason
    /// The failure underneath, for the log.
    public let cause: (any Error)?

    /// A request that was not carried out.
    public init(_ reason: Reason, cause: (any Error)? = nil) {
        self.reason = reason
        self.cause = cause
    }

    /// What the `errno` of a session's file system says.
    public init(errno: Int32) {
        let reason: Reason =
            switch errno {
            case ENOENT, ENOTDIR: .notFound
            case ELOOP, EXDEV, EINVAL, EISDIR, ENXIO: .notRegular
            case EFBIG: .tooLarge
            case ENOSPC, EDQUOT: .noSpace
            case ENAMETOOLONG: .badPath
            default: .refused(errno: errno)
            }
        self.init(reason)
    }

    /// One sentence for the client.
    public var description: String {
        switch reason {
        case .notFound: "There is no such file in this session."
        case .notRegular: "This is not a regular file, or it is reached through a link."
        case .tooLarge: "The file is too large to be moved this way."
        case .noSpace: "The session's disk is full."
        case .badPath: "The path has to be relative to /mnt/data, without empty parts, `.` and `..`."
        case .unavailable: "The session's files cannot be reached now. Try again in a moment."
        case .refused(let errno): "The session's file system refused this (errno \(errno))."
        }
    }
}
