internal import Logging
internal import NIOCore
public import PythonProtocol
internal import SandboxProtocol

/// Sessions by name: opened when first used, kept while they are used, counted.
public actor Sandbox {
    /// A session, whether its process lives or is to be told as lost.
    private struct Entry {
        let turns: Turns
        /// Who opened it.
        let client: String
        /// What it reaches of the network, as whoever used it first wished.
        var network: String
        var opening: Task<SessionConnection, any Error>?
        var loss: StateLoss?
        var lastUse = ContinuousClock.now
        var runs = 0
        /// Whether it holds anything: a cell was to run, or a file that is not empty was put.
        var hasState = false

        /// Whether it takes a place among the sessions.
        var isHeld: Bool { opening != nil || runs > 0 }

        /// What is left of it when it has ended: the next run is told.
        func lost(_ loss: StateLoss) -> Entry { Entry(turns: turns, client: client, network: network, loss: loss) }
    }

    private let limits: Limits
    private let findWorker: FindWorker
    private let running: RunningPlaces
    private let network: Network
    private let usualNetwork: String
    private var entries: [String: Entry] = [:]
    private var lastOpened: ContinuousClock.Instant?

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
        running = RunningPlaces(count: limits.runningMax, waitingMax: limits.queue)
        self.findWorker = findWorker
    }

    /// Sessions that are open.
    public var sessionCount: Int { entries.values.count { $0.opening != nil } }
    /// Runs that wait or are under way.
    public var runCount: Int { entries.values.reduce(0) { $0 + $1.runs } }

    /// What there is for further sessions.
    public var vacancy: Vacancy {
        Vacancy(
            free: max(0, limits.sessionsMax - placesTaken),
            canMakeRoom: room.toBeEnded(forOneWithState: true, at: .now) != nil,
            lastOpened: lastOpened
        )
    }

    /// Runs that wait because as many cells run as may.
    public nonisolated var queuedCount: Int { running.waitingCount }

    /// Runs a cell in the session `name`, after those asked for before, and waits for its end.
    ///
    /// A session's first run says what it reaches of the network; later ones say the same, or nothing. `client` names
    /// the one that asks: places to run and sessions are shared out among clients.
    /// `handler` is awaited for each event before the next is read. If the caller is cancelled while the run waits, it
    /// throws `CancellationError`; while it is under way, the cell is interrupted and its outcome given. All else
    /// that is thrown is a ``RunError``.
    public nonisolated func run(
        _ source: [UInt8],
        in name: String,
        network: String? = nil,
        client: String = "",
        timeLimit: Duration,
        handler: @escaping @Sendable (RunEvent) async -> Void
    ) async throws -> Outcome {
        guard source.count <= Frame.payloadBytesMax - 64 else { throw RunError(.sourceTooLong) }
        let turns = try await begin(name, network: network, client: client, bringsState: true)
        do {
            let outcome = try await turns.take {
                let (connection, loss) = try await connection(to: name)
                if let loss { await handler(.stateLost(loss)) }
                let milliseconds =
                    timeLimit.components.seconds * 1000 + timeLimit.components.attoseconds / 1_000_000_000_000_000
                return try await running.take(client: client, session: name) {
                    try await connection.run(
                        PythonRequest.Run(timeLimitMilliseconds: UInt32(clamping: milliseconds), source: source),
                        grace: limits.grace,
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
                entries[name] = entry.opening == nil ? nil : entry.lost(.expired)
                await close(entry)
            }
        }
    }

    // MARK: One run's steps

    private func begin(
        _ name: String,
        network: String? = nil,
        client: String,
        bringsState: Bool
    ) throws(RunError) -> Turns {
        if entries[name]?.opening != nil {
            guard network == nil || network == entries[name]?.network else { throw RunError(.networkDiffers) }
        } else if entries[name]?.isHeld != true {
            if placesTaken >= limits.sessionsMax { try makeRoom(bringsState: bringsState) }
            if entries.count > 4 * limits.sessionsMax { forgetOldestLoss() }
        }
        let turns = entries[name]?.turns ?? Turns(waitingMax: limits.waitingMax)
        // One that was lost begins again with what it had.
        let kept = entries[name]?.opening == nil && entries[name]?.loss == nil ? nil : entries[name]?.network
        entries[name, default: Entry(turns: turns, client: client, network: usualNetwork)].runs += 1
        entries[name]?.network = network ?? kept ?? usualNetwork
        if bringsState { entries[name]?.hasState = true }
        return turns
    }

    /// Ends a session that can be spared, or throws ``RunError/Code/tooManySessions``.
    private func makeRoom(bringsState: Bool) throws(RunError) {
        let now = ContinuousClock.now
        guard let name = room.toBeEnded(forOneWithState: bringsState, at: now), let entry = entries[name] else {
            throw RunError(.tooManySessions)
        }
        Logger.current.notice(
            "Session makes room for another",
            metadata: ["session.id": "\(name)", "session.idle": "\(now - entry.lastUse)"]
        )
        entries[name] = entry.hasState ? entry.lost(.madeRoom) : nil
        // Ends with the connection's closing, which waits for the opening at most.
        Task { await close(entry) }
    }

    private var placesTaken: Int { entries.values.count { $0.isHeld } }

    private var room: SessionRoom {
        SessionRoom(
            sessions: entries.compactMap { name, entry in
                guard entry.isHeld else { return nil }
                return .init(
                    name: name,
                    client: entry.client,
                    lastUse: entry.lastUse,
                    isBusy: entry.runs > 0,
                    hasState: entry.hasState
                )
            },
            idleMin: limits.roomIdle
        )
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
                whenOpened: { [weak self] in await self?.connectionOpened() },
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
    func connectionForFiles(
        to name: String,
        client: String,
        bringsState: Bool
    ) async throws -> SessionConnection {
        let turns = try begin(name, client: client, bringsState: bringsState)
        defer { end(name, turns) }
        let (connection, loss) = try await connection(to: name)
        // The next run is to tell the model, whom this does not reach.
        if let loss { entries[name]?.loss = loss }
        return connection
    }

    private func connectionOpened() { lastOpened = .now }

    private func connectionClosed(_ name: String) async {
        // A newer session may have the name by now.
        guard let opening = entries[name]?.opening, let connection = try? await opening.value, !connection.isOpen,
            entries[name]?.opening == opening
        else { return }
        entries[name]?.opening = nil
        // What never was a session of the worker's had nothing to lose.
        if connection.hasOpened, entries[name]?.hasState == true { entries[name]?.loss = .workerLost }
    }

    private func close(_ entry: Entry) async {
        // Opening has its own bound; nobody waits for it here.
        if let opening = entry.opening { (try? await opening.value)?.close() }
    }
}
