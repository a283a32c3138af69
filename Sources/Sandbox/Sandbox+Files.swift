internal import SandboxProtocol
public import Sessions

extension Sandbox: SessionFiles {
    /// The regular files below `/mnt/data` of a session, at most `FileRequest.listedMax`; nil if there is no such session.
    public func list(in session: SessionID) async throws(FileError) -> [SessionFile]? {
        guard let connection = await registry.currentState(of: session) else { return nil }
        return try await connection.answered(.list).compactMap { event in
            guard case .entry(let path, let bytes) = event else { return nil }
            return SessionFile(path: String(decoding: path, as: UTF8.self), bytes: bytes)
        }
    }

    /// Reads a file of a session, piece by piece; false if there is no such session.
    public func read(
        _ path: String,
        in session: SessionID,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(FileError) -> Bool {
        guard let connection = await registry.currentState(of: session) else { return false }
        let path = try Sandbox.checked(path)
        var position: FilePosition? = .start
        while let from = position {
            let events = try await connection.answered(.read(path: path, from: from))
            guard case .content(let bytes, let next)? = events.last else { return true }
            if !bytes.isEmpty { await output(bytes) }
            if Task.isCancelled { throw FileError(.unavailable, cause: CancellationError()) }
            position = next
        }
        return true
    }

    /// Makes or replaces a file of a session, of at most `FileRequest.writtenBytesMax`.
    public func write(
        _ path: String,
        _ content: [UInt8],
        in session: SessionID,
        client: String
    ) async throws(FileError) {
        guard content.count <= FileRequest.writtenBytesMax else { throw FileError(.tooLarge) }
        let request = FileRequest.write(path: try Sandbox.checked(path), content: content)
        let connection: SessionConnection
        do {
            connection = try await registry.openState(
                for: SessionUse(session, client: client, bringsContent: !content.isEmpty)
            )
        } catch {
            throw FileError(.unavailable, cause: error)
        }
        _ = try await connection.answered(request)
    }

    /// Deletes a file of a session; false if there is no such session.
    public func delete(_ path: String, in session: SessionID) async throws(FileError) -> Bool {
        guard let connection = await registry.currentState(of: session) else { return false }
        _ = try await connection.answered(.delete(path: try Sandbox.checked(path)))
        return true
    }

    /// The path as the session's supervisor takes it.
    private static func checked(_ path: String) throws(FileError) -> [UInt8] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
        guard isPlain, !path.utf8.contains(0), path.utf8.count <= FileRequest.pathBytesMax else {
            throw FileError(.badPath)
        }
        return Array(path.utf8)
    }
}

extension SessionConnection {
    /// What the supervisor answered; throws where it could not, or was not there to.
    fileprivate func answered(_ request: FileRequest) async throws(FileError) -> [FileEvent] {
        let events: [FileEvent]
        do {
            events = try await answer(to: request)
        } catch {
            throw FileError(.unavailable, cause: error)
        }
        if case .ended(let errno)? = events.last, errno != 0 { throw FileError(errno: errno) }
        return events
    }
}
