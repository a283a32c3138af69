internal import SandboxProtocol

extension Sandbox {
    /// A file that a session has.
    public struct File: Equatable, Sendable {
        /// The path below `/mnt/data`; bytes that are no UTF-8 are shown as U+FFFD.
        public let path: String
        /// The size in bytes.
        public let bytes: UInt64
    }

    /// The files below `/mnt/data` of a session that exists, at most `FileRequest.listedMax`; nil if there is none.
    public func files(of session: String) async throws -> [File]? {
        guard let connection = await openConnection(to: session) else { return nil }
        let events = try await connection.answer(to: .list)
        try FileError.check(events)
        return events.compactMap { event in
            guard case .entry(let path, let bytes) = event else { return nil }
            return File(path: String(decoding: path, as: UTF8.self), bytes: bytes)
        }
    }

    /// Reads a file of a session that exists; false if there is no such session.
    ///
    /// `handler` is awaited for each piece before the next is asked for; meanwhile calls and other requests go on. A file
    /// that is replaced by another while it is read ends with an error. Throws ``FileError``, ``RunError`` or
    /// `CancellationError`.
    public func readFile(
        _ path: String,
        of session: String,
        handler: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws -> Bool {
        guard let connection = await openConnection(to: session) else { return false }
        let path = try FileError.checked(path)
        var position: FilePosition? = .start
        while let from = position {
            let events = try await connection.answer(to: .read(path: path, from: from))
            try FileError.check(events)
            guard case .content(let bytes, let next)? = events.last else { return true }
            if !bytes.isEmpty { await handler(bytes) }
            try Task.checkCancellation()
            position = next
        }
        return true
    }

    /// Makes or replaces a file of a session, which is opened for `client` if there is none; at most
    /// `FileRequest.writtenBytesMax`.
    public func writeFile(
        _ path: String,
        _ content: [UInt8],
        of session: String,
        client: String = ""
    ) async throws {
        guard content.count <= FileRequest.writtenBytesMax else { throw FileError(code: 27) }
        let request = FileRequest.write(path: try FileError.checked(path), content: content)
        let connection = try await connectionForFiles(
            to: session,
            client: client,
            bringsState: !content.isEmpty
        )
        try FileError.check(try await connection.answer(to: request))
    }
}

/// A file request that a session's file system refused.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Reason: Equatable, Sendable {
        /// There is no such file, or no such directory for it.
        case notFound
        /// It is no regular file, or is reached through a link.
        case notRegular
        /// It is larger than can be moved.
        case tooLarge
        /// The session's disk is full.
        case noSpace
        /// The path is empty, absolute, leads out of the directory or is too long.
        case badPath
        /// Something else.
        case other
    }

    /// The reason.
    public let reason: Reason
    /// The `errno`, for the log.
    public let code: Int32

    init(code: Int32) {
        self.code = code
        reason =
            switch code {
            case 2, 20: .notFound
            // ELOOP, EXDEV, EINVAL, EISDIR, ENXIO
            case 40, 18, 22, 21, 6: .notRegular
            case 27: .tooLarge
            case 28, 122: .noSpace
            case 36: .badPath
            default: .other
            }
    }

    /// Throws what an answer failed with, if it did.
    static func check(_ answer: [FileEvent]) throws(FileError) {
        if case .ended(let code)? = answer.last, code != 0 { throw FileError(code: code) }
    }

    private init(_ reason: Reason) {
        self.reason = reason
        code = 0
    }

    /// The path as the session's supervisor takes it, if it can be one.
    static func checked(_ path: String) throws(FileError) -> [UInt8] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
        guard isPlain, !path.utf8.contains(0), path.utf8.count <= FileRequest.pathBytesMax else {
            throw FileError(.badPath)
        }
        return Array(path.utf8)
    }

    /// A sentence for whoever asked.
    public var description: String {
        switch reason {
        case .notFound: "There is no such file in this session."
        case .notRegular: "This is no regular file, or it is reached through a link."
        case .tooLarge: "The file is too large to be moved this way."
        case .noSpace: "The session's disk is full."
        case .badPath: "The path has to be relative to /mnt/data, without empty parts, `.` and `..`."
        case .other: "The session's file system refused this (errno \(code))."
        }
    }
}
