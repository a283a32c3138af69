internal import SandboxProtocol
package import Sessions

/// What a tool keeps for a session that a worker has made.
package protocol SupervisedState: SessionState {
    /// The connection to the session's supervisor.
    var supervisor: SupervisorConnection { get }
}

extension SupervisedState {
    package var isOpen: Bool { supervisor.end == nil }
    package var hasBegun: Bool { supervisor.hasBegun }
    package func close() { supervisor.close(SessionError(.ended)) }
}

/// The files of a tool's sessions, which their supervisors read and write.
package struct SupervisedFiles<State: SupervisedState>: SessionFiles {
    private let registry: SessionRegistry<State>

    /// The files of the sessions in `registry`.
    package init(_ registry: SessionRegistry<State>) {
        self.registry = registry
    }

    /// The regular files below `/mnt/data` of a session, at most `FileRequest.listedMax`; nil if there is no such session.
    ///
    /// - Throws: `FileError`, if the session ends meanwhile or too many requests wait.
    package func list(in session: SessionID) async throws(FileError) -> [SessionFile]? {
        guard let state = await registry.currentState(of: session) else { return nil }
        return try await state.supervisor.answered(.list).compactMap { event in
            guard case .entry(let path, let bytes) = event else { return nil }
            return SessionFile(path: String(decoding: path, as: UTF8.self), bytes: bytes)
        }
    }

    /// Reads a file of a session, piece by piece; false if there is no such session.
    ///
    /// - Throws: `FileError`, for a path that leads nowhere or out of the directory, or if the session ends meanwhile.
    package func read(
        _ path: String,
        in session: SessionID,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(FileError) -> Bool {
        guard let state = await registry.currentState(of: session) else { return false }
        let path = try checked(path)
        var position: FilePosition? = .start
        while let from = position {
            let events = try await state.supervisor.answered(.read(path: path, from: from))
            guard case .content(let bytes, let next)? = events.last else { return true }
            if !bytes.isEmpty { await output(bytes) }
            if Task.isCancelled { throw FileError(.unavailable, cause: CancellationError()) }
            position = next
        }
        return true
    }

    /// Makes or replaces a file of a session, of at most `FileRequest.writtenBytesMax`.
    ///
    /// - Throws: `FileError`, for a path that cannot be written, for too much content, or if the session cannot be opened.
    package func write(
        _ path: String,
        _ content: [UInt8],
        in session: SessionID,
        client: String
    ) async throws(FileError) {
        guard content.count <= FileRequest.writtenBytesMax else { throw FileError(.tooLarge) }
        let request = FileRequest.write(path: try checked(path), content: content)
        let state: State
        do {
            state = try await registry.openState(
                for: SessionUse(session, client: client, bringsContent: !content.isEmpty)
            )
        } catch {
            throw FileError(.unavailable, cause: error)
        }
        _ = try await state.supervisor.answered(request)
    }

    /// Deletes a file of a session; false if there is no such session.
    ///
    /// - Throws: `FileError`, for a path that leads nowhere or out of the directory, or if the session ends meanwhile.
    package func delete(_ path: String, in session: SessionID) async throws(FileError) -> Bool {
        guard let state = await registry.currentState(of: session) else { return false }
        _ = try await state.supervisor.answered(.delete(path: try checked(path)))
        return true
    }

    /// The path as the session's supervisor takes it.
    private func checked(_ path: String) throws(FileError) -> [UInt8] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
        guard isPlain, !path.utf8.contains(0), path.utf8.count <= FileRequest.pathBytesMax else {
            throw FileError(.badPath)
        }
        return Array(path.utf8)
    }
}

extension SupervisorConnection {
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
