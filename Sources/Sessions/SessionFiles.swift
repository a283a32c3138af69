/// The files of sessions, below `/mnt/data` of each, whatever tool keeps them.
public protocol SessionFiles: Sendable {
    /// The regular files of a session, of which the first 1000 are listed; nil if there is no such session.
    func list(in session: SessionID) async throws(FileError) -> [SessionFile]?

    /// Reads a file of a session, piece by piece; false if there is no such session.
    ///
    /// Meanwhile calls and other requests go on. A file that another one replaces while it is read ends with an error.
    /// - Parameter output: Takes each piece, and is awaited before the next is read.
    func read(
        _ path: String,
        in session: SessionID,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(FileError) -> Bool

    /// Makes or replaces a file, of at most 8 MiB, in a directory that exists.
    ///
    /// The session is opened, for `client`, if there is none.
    func write(
        _ path: String,
        _ content: [UInt8],
        in session: SessionID,
        client: String
    ) async throws(FileError)

    /// Deletes a file of a session; false if there is no such session.
    func delete(_ path: String, in session: SessionID) async throws(FileError) -> Bool
}

/// A file of a session.
public struct SessionFile: Equatable, Sendable {
    /// The path below `/mnt/data`; bytes that are not UTF-8 are shown as U+FFFD.
    public let path: String
    /// The size in bytes.
    public let bytes: UInt64

    /// A file as it was listed.
    public init(path: String, bytes: UInt64) {
        self.path = path
        self.bytes = bytes
    }
}
