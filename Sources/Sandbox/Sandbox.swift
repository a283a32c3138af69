internal import Logging
internal import NIOCore
public import SandboxProtocol

/// Sessions by name: opened when first used, kept while they are used, counted.
public actor Sandbox {
    /// The limits on sessions.
    public struct Limits: Sendable {
        /// Sessions open at a time.
        public let sessionsMax: Int
        /// Cells that run at a time, in all sessions; further ones wait.
        public let runningMax: Int
        /// How long a session is kept that nobody uses.
        public let idle: Duration
        /// Runs that may wait for one session.
        public let waitingMax: Int

        /// All limits.
        public init(
            sessionsMax: Int = 256,
            runningMax: Int = 64,
            idle: Duration = .seconds(1200),
            waitingMax: Int = 16
        ) {
            self.sessionsMax = sessionsMax
            self.runningMax = runningMax
            self.idle = idle
            self.waitingMax = waitingMax
        }
    }

    /// A session, whether its process lives or is to be told as lost.
    private struct Entry {
        let turns: Turns
        /// What it reaches of the network, as whoever used it first wished.
        var network: String
        var opening: Task<SessionConnection, any Error>?
        var loss: StateLoss?
        var lastUse = ContinuousClock.now
        var runs = 0
    }

    private let limits: Limits
    private let findWorker: FindWorker
    private let running: Turns
    private let network: Network
    private let usualNetwork: String
    private var entries: [String: Entry] = [:]

    /// Serves the network to a session that reaches it by the listening socket which was sent with `token`, until
    /// cancelled.
    public typealias Network = @Sendable (_ token: [UInt8], _ session: String) async -> Void

    /// The socket of the worker whose sessions reach `network`.
    ///
    /// It may wait for the worker, and throws ``RunError`` where there is none.
    public typealias FindWorker = @Sendable (_ network: String) async throws -> String

    /// Sessions on the worker whose socket `findWorker` names; it is asked anew for each session.
    ///
    /// A session reaches what its first run says, or `usualNetwork`.
    public init(
        limits: Limits = Limits(),
        usualNetwork: String = "none",
        network: @escaping Network = { _, _ in },
        findWorker: @escaping FindWorker
    ) {
        self.limits = limits
        self.usualNetwork = usualNetwork
        self.network = network
        running = Turns(insideMax: limits.runningMax, waitingMax: .max)
        self.findWorker = findWorker
    }

    /// Sessions that are open.
    public var sessionCount: Int { entries.values.count { $0.opening != nil } }
    /// Runs that wait or are under way.
    public var runCount: Int { entries.values.reduce(0) { $0 + $1.runs } }

    /// Runs that wait because as many cells run as may.
    public nonisolated var queuedCount: Int { running.waitingCount }

    /// Runs a cell in the session `name`, after those asked for before, and waits for its end.
    ///
    /// A session's first run says what it reaches of the network; later ones say the same, or nothing.
    /// `handler` is awaited for each event before the next is read. If the caller is cancelled while the run waits, it
    /// throws `CancellationError`; while it is under way, the cell is interrupted and its outcome given. All else
    /// that is thrown is a ``RunError``.
    public nonisolated func run(
        _ source: [UInt8],
        in name: String,
        network: String? = nil,
        timeLimit: Duration,
        handler: @escaping @Sendable (RunEvent) async -> Void
    ) async throws -> Outcome {
        guard source.count <= Frame.payloadBytesMax - 64 else { throw RunError(.sourceTooLong) }
        let turns = try await begin(name, network: network)
        do {
            let outcome = try await turns.take {
                let (connection, loss) = try await connection(to: name)
                if let loss { await handler(.stateLost(loss)) }
                let milliseconds =
                    timeLimit.components.seconds * 1000 + timeLimit.components.attoseconds / 1_000_000_000_000_000
                return try await running.take {
                    try await connection.run(
                        SessionRequest.Run(timeLimitMilliseconds: UInt32(clamping: milliseconds), source: source),
                        handler: handler
                    )
                }
            }
            await end(name, turns)
            return outcome
        } catch {
            await end(name, turns)
            throw error
        }
    }

    /// Ends a session, its state and what runs on it; nothing happens if there is none.
    public func end(session name: String) async {
        guard let entry = entries.removeValue(forKey: name) else { return }
        await close(entry)
    }

    /// Ends every session.
    public func endAll() async {
        let ended = entries.values
        entries = [:]
        for entry in ended { await close(entry) }
    }

    /// Ends sessions that nobody used for longer than they are kept, until it is cancelled.
    public func expireIdleSessions() async throws {
        while true {
            try await Task.sleep(for: limits.idle / 20)
            let now = ContinuousClock.now
            for (name, entry) in entries where entry.runs == 0 && now - entry.lastUse > limits.idle {
                // Told once, then forgotten.
                entries[name] =
                    entry.opening == nil ? nil : Entry(turns: entry.turns, network: entry.network, loss: .expired)
                await close(entry)
            }
        }
    }

    // MARK: One run's steps

    private func begin(_ name: String, network: String? = nil) throws(RunError) -> Turns {
        if entries[name]?.opening != nil {
            guard network == nil || network == entries[name]?.network else { throw RunError(.networkDiffers) }
        } else {
            guard sessionCount < limits.sessionsMax else { throw RunError(.tooManySessions) }
            if entries.count > 4 * limits.sessionsMax { forgetOldestLoss() }
        }
        let turns = entries[name]?.turns ?? Turns(waitingMax: limits.waitingMax)
        // One that was lost begins again with what it had.
        let kept = entries[name]?.opening == nil && entries[name]?.loss == nil ? nil : entries[name]?.network
        entries[name, default: Entry(turns: turns, network: usualNetwork)].runs += 1
        entries[name]?.network = network ?? kept ?? usualNetwork
        return turns
    }

    private func end(_ name: String, _ turns: Turns) {
        // A session that was ended may have been followed by another of the same name.
        guard entries[name]?.turns === turns else { return }
        entries[name]?.runs -= 1
        entries[name]?.lastUse = ContinuousClock.now
    }

    private func forgetOldestLoss() {
        let lost = entries.filter { $0.value.opening == nil && $0.value.runs == 0 }
        if let oldest = lost.min(by: { $0.value.lastUse < $1.value.lastUse }) { entries[oldest.key] = nil }
    }

    /// The session's connection, opened once however many ask, and why it is a new one.
    private func connection(to name: String) async throws(RunError) -> (SessionConnection, StateLoss?) {
        if let opening = entries[name]?.opening, let open = try? await opening.value, open.isOpen { return (open, nil) }
        guard entries[name] != nil else { throw RunError(.sessionEnded) }
        let (loss, reach) = (entries[name]?.loss, entries[name]?.network ?? usualNetwork)
        // Stored before the first await, during which the actor can be entered again; ends with the connect.
        let opening = Task { [findWorker, network] in
            let path = try await findWorker(reach)
            return try await SessionConnection.open(
                at: path,
                network: { token in await network(token, name) },
                whenClosed: { [weak self] in await self?.connectionClosed(name) }
            )
        }
        entries[name]?.opening = opening
        entries[name]?.loss = nil
        do {
            let connection = try await opening.value
            // Ended while it was opened.
            guard entries[name]?.opening == opening else {
                connection.close()
                throw RunError(.sessionEnded)
            }
            return (connection, loss)
        } catch {
            if entries[name]?.opening == opening { entries[name]?.opening = nil }
            throw error as? RunError ?? RunError(.unavailable, cause: error)
        }
    }

    /// The connection of a session that is open, nil if there is none.
    func openConnection(to name: String) async -> SessionConnection? {
        guard let opening = entries[name]?.opening, let connection = try? await opening.value, connection.isOpen else {
            return nil
        }
        entries[name]?.lastUse = ContinuousClock.now
        return connection
    }

    /// The connection of a session, opened if there is none; counts as a use of the session.
    func connectionForFiles(to name: String) async throws -> SessionConnection {
        let turns = try begin(name)
        defer { end(name, turns) }
        let (connection, loss) = try await connection(to: name)
        // The next run is to tell the model, whom this does not reach.
        if let loss { entries[name]?.loss = loss }
        return connection
    }

    private func connectionClosed(_ name: String) async {
        // A newer session may have the name by now.
        guard let opening = entries[name]?.opening, let connection = try? await opening.value, !connection.isOpen,
            entries[name]?.opening == opening
        else { return }
        entries[name]?.opening = nil
        entries[name]?.loss = .workerLost
    }

    private func close(_ entry: Entry) async {
        // Opening has its own bound; nobody waits for it here.
        if let opening = entry.opening { (try? await opening.value)?.close() }
    }
}
