/// Copies of what sessions have changed of their files.
public protocol SessionSnapshots: Sendable {
    /// Begins a session with the files of another, which goes on by itself; processes are not copied.
    ///
    /// - Parameters:
    ///   - source: A session that is open.
    ///   - use: The new session, which must not be open, and who asks.
    /// - Returns: How much was copied, in bytes.
    func branch(_ source: SessionID, into use: SessionUse) async throws(SnapshotError) -> Int

    /// Keeps the files of a session as they are now.
    func snapshot(_ session: SessionID) async throws(SnapshotError) -> SessionSnapshot

    /// Begins a session with the files of a snapshot, as often as wanted.
    func branch(snapshot: String, into use: SessionUse) async throws(SnapshotError) -> Int

    /// Removes a snapshot; false if there is none with this name.
    func remove(snapshot: String) async -> Bool
}

/// What was kept of a session's files.
public struct SessionSnapshot: Equatable, Sendable {
    /// Its name, which cannot be guessed.
    public let id: String
    /// How much it holds, in bytes.
    public let bytes: Int

    /// A snapshot.
    public init(id: String, bytes: Int) {
        self.id = id
        self.bytes = bytes
    }
}

/// A copy of a session's files that was not made.
public struct SnapshotError: Error, Sendable {
    /// What a caller can act on.
    public enum Reason: Equatable, Sendable {
        /// There is no such session, or none with files of its own.
        case noSession
        /// There is no such snapshot.
        case noSnapshot
        /// There is a session with the name of the new one.
        case sessionExists
        /// There are as many snapshots as there may be, or they hold as much.
        case noRoom
        /// The new session has no room for the files.
        case noSpace
        /// The files could not be read or made.
        case failed
        /// No session can be had now.
        case unavailable
    }

    /// What went wrong.
    public let reason: Reason
    /// The failure underneath, for the log.
    public let cause: (any Error)?

    /// A failure.
    public init(_ reason: Reason, cause: (any Error)? = nil) {
        self.reason = reason
        self.cause = cause
    }
}
