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
                try await restore(into: use.with(choices)) { give in try await source.save(grace: grace, output: give) }
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
                    try await source.save(grace: grace) { bytes in try writer.write(bytes) }
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
            try await restore(into: use.with((nil, reader.image))) { give in
                while let bytes = try reader.read(), try await give(bytes) {}
            }
        }
    }

    /// Removes a snapshot.
    public func remove(snapshot: String) async -> Bool { await snapshots.remove(snapshot) }

    /// Opens a session and makes the files in it that `send` gives; ends it again where that fails.
    private func restore(
        into use: SessionUse,
        from send: (_ give: @escaping @Sendable ([UInt8]) async throws -> Bool) async throws -> Void
    ) async throws -> Int {
        guard await registry.currentState(of: use.session) == nil else { throw SnapshotError(.sessionExists) }
        do {
            return try await registry.use(use) { target, _ in
                let number = target.nextNumber()
                let count = Atomic(0)
                async let restored = target.run(.restore(number), as: number, limit: .zero, grace: grace) { _ in }
                try await send { bytes in
                    count.add(bytes.count, ordering: .relaxed)
                    return await target.send(.bytes(bytes), to: number)
                }
                _ = await target.send(.end, to: number)
                try SnapshotError.check(await restored)
                return count.load(ordering: .relaxed)
            }
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
    /// Gives `output` all that the session has changed of its files.
    fileprivate func save(
        grace: Duration,
        output: @escaping @Sendable ([UInt8]) async throws -> Bool
    ) async throws {
        _ = wake()
        let number = nextNumber()
        let failure = Mutex<(any Error)?>(nil)
        let outcome = try await run(.save(number), as: number, limit: .zero, grace: grace) { event in
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
