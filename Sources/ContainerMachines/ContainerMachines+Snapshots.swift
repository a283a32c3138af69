internal import ContainerProtocol
internal import ContainerTool
internal import Glibc
internal import SandboxClient
internal import SandboxProtocol
public import Sessions
internal import Synchronization

extension ContainerMachines: SessionSnapshots {
    /// Begins a session with the files of another, which goes on by itself.
    ///
    /// - Throws: ``Sessions/SnapshotError``: there is no such session, the new one is there, or the files do not fit.
    public func branch(_ source: SessionID, into use: SessionUse) async throws(SnapshotError) -> Int {
        guard let choices = await registry.choices(of: source) else { throw SnapshotError(.noSession) }
        return try await translating {
            try await registry.use(SessionUse(source)) { source, _ in
                try await restore(into: use.with(choices)) { target in
                    try await source.copy(to: target, grace: grace)
                }
            }
        }
    }

    /// Keeps the files of a session as they are now.
    ///
    /// - Throws: ``Sessions/SnapshotError``: there is no such session, or no room.
    public func snapshot(_ session: SessionID) async throws(SnapshotError) -> SessionSnapshot {
        guard let choices = await registry.choices(of: session) else { throw SnapshotError(.noSession) }
        let writer = try await snapshots.begin(image: choices.image)
        do {
            try await translating {
                try await registry.use(SessionUse(session)) { source, _ in
                    try await source.save(grace: grace) { bytes in try await writer.write(bytes) }
                }
            }
            return await snapshots.finish(writer)
        } catch {
            await snapshots.abandon(writer)
            throw error
        }
    }

    /// Begins a session with the files of a snapshot.
    ///
    /// - Throws: ``Sessions/SnapshotError``: there is no such snapshot, the new session is there, or the files do not fit.
    public func branch(snapshot: String, into use: SessionUse) async throws(SnapshotError) -> Int {
        guard let reader = try await snapshots.open(snapshot) else { throw SnapshotError(.noSnapshot) }
        return try await translating {
            try await restore(into: use.with((nil, reader.image))) { target in
                try await target.restore(grace: grace) { give in
                    while let bytes = try await reader.read(), await give(bytes) {}
                }
            }
        }
    }

    /// Removes a snapshot.
    public func remove(snapshot: String) async -> Bool { await snapshots.remove(snapshot) }

    /// Opens a session and has `body` make files in it; ends it again where that fails.
    private func restore(
        into use: SessionUse,
        _ body: (MachineConnection) async throws -> Int
    ) async throws -> Int {
        guard await registry.currentState(of: use.session) == nil else { throw SnapshotError(.sessionExists) }
        do {
            return try await registry.use(use) { target, _ in try await body(target) }
        } catch {
            _ = await registry.end(use.session)
            throw error
        }
    }

    private func translating<Value>(
        _ body: () async throws -> Value
    ) async throws(SnapshotError) -> Value {
        do {
            return try await body()
        } catch let error as SnapshotError {
            throw error
        } catch {
            throw SnapshotError(.unavailable, cause: error)
        }
    }
}

extension SessionUse {
    /// The use of a session that begins as another one did.
    fileprivate func with(_ choices: (network: String?, image: String)) -> SessionUse {
        SessionUse(session, client: client, network: choices.network, image: choices.image)
    }
}

extension MachineConnection {
    /// Makes the session's files in another too: at once if both are of one worker, and else through this process.
    ///
    /// - Returns: How many bytes were moved.
    fileprivate func copy(to target: MachineConnection, grace: Duration) async throws -> Int {
        guard worker == target.worker,
            await DataSharing.connect(supervisor, to: target.supervisor, of: worker)
        else {
            return try await target.restore(grace: grace) { give in try await save(grace: grace, output: give) }
        }
        return try await target.restore(from: .session, grace: grace) { _ in
            try await save(to: .session, grace: grace) { _ in true }
        }
    }

    /// Makes the files that `send` gives, or those of the session that it is connected with.
    ///
    /// - Returns: How many bytes they were.
    fileprivate func restore(
        from peer: ArchivePeer = .daemon,
        grace: Duration,
        _ send: (_ give: @escaping @Sendable ([UInt8]) async -> Bool) async throws -> Void
    ) async throws -> Int {
        let number = nextNumber()
        let count = Mutex<[UInt8]>([])
        async let restored = run(.restore(number, from: peer), as: number, limit: .zero, grace: grace) { event in
            if case .output(let bytes) = event { count.withLock { $0 += bytes } }
        }
        do {
            try await send { bytes in await self.send(.bytes(bytes), to: number) }
        } catch {
            // Nothing comes any more, and a pipe to another session may still be open.
            _ = await self.send(.signal(UInt8(SIGKILL)), to: number)
            // What takes the files knows best why it takes no more.
            if case .notStarted? = try? await restored.end { try SnapshotError.check(await restored) }
            throw error
        }
        _ = await self.send(.end, to: number)
        try SnapshotError.check(await restored)
        let bytes = count.withLock { $0 }
        return bytes.count == 8 ? Int(clamping: bytes.littleEndian(UInt64.self, at: 0)) : 0
    }

    /// Gives `output` all that the session has changed of its files.
    fileprivate func save(
        to peer: ArchivePeer = .daemon,
        grace: Duration,
        output: @escaping @Sendable ([UInt8]) async throws -> Bool
    ) async throws {
        _ = wake()
        let number = nextNumber()
        let failure = Mutex<(any Error)?>(nil)
        let outcome = try await run(.save(number, to: peer), as: number, limit: .zero, grace: grace) { event in
            guard case .output(let bytes) = event, failure.withLock({ $0 == nil }) else { return }
            do {
                if try await output(bytes) { return }
                failure.withLock { $0 = SnapshotError(.failed) }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        // What takes the files knows best why it takes no more.
        if let error = failure.withLock({ $0 }), !(error is SnapshotError) { throw error }
        try SnapshotError.check(outcome)
    }
}

extension SnapshotError {
    fileprivate static func check(_ outcome: CommandOutcome) throws(SnapshotError) {
        switch outcome.end {
        case .exited(0): return
        case .notStarted(.resources(ENOSPC)), .notStarted(.resources(EDQUOT)), .outOfMemory:
            throw SnapshotError(.noSpace)
        default: throw SnapshotError(.failed, cause: OutcomeError(outcome: outcome))
        }
    }
}

/// How a process ended that moves files, for the log.
private struct OutcomeError: Error {
    let outcome: CommandOutcome
}
