/// The files of sessions that several tools keep, as those of one.
///
/// A session's files are with the first tool that has the session. What is written to a session that no tool has goes to the
/// first tool.
///
/// - Throws: What the tool throws that is asked.
public struct JoinedFiles: SessionFiles {
    private let first: any SessionFiles
    private let others: [any SessionFiles]

    /// Joins the files of tools, in the order in which they are asked; nil for none.
    public init?(_ files: [any SessionFiles]) {
        guard let first = files.first else { return nil }
        self.first = first
        others = Array(files.dropFirst())
    }

    private var all: [any SessionFiles] { [first] + others }

    /// The regular files of a session; nil if no tool has it.
    public func list(in session: SessionID) async throws(FileError) -> [SessionFile]? {
        for files in all { if let found = try await files.list(in: session) { return found } }
        return nil
    }

    /// Reads a file of a session, piece by piece; false if no tool has the session.
    public func read(
        _ path: String,
        in session: SessionID,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(FileError) -> Bool {
        for files in all where try await files.read(path, in: session, output: output) { return true }
        return false
    }

    /// Makes or replaces a file, where the session is.
    public func write(
        _ path: String,
        _ content: [UInt8],
        in session: SessionID,
        client: String
    ) async throws(FileError) {
        for files in others where try await first.list(in: session) == nil {
            guard try await files.list(in: session) != nil else { continue }
            return try await files.write(path, content, in: session, client: client)
        }
        try await first.write(path, content, in: session, client: client)
    }

    /// Deletes a file of a session; false if no tool has the session.
    public func delete(_ path: String, in session: SessionID) async throws(FileError) -> Bool {
        for files in all where try await files.delete(path, in: session) { return true }
        return false
    }
}
