internal import Concurrency
internal import Logging

/// The sessions of one tool, by name: opened when first used, kept while they are used, counted, and ended.
///
/// Calls on one session run one after the other, or as many at a time as ``SessionLimits/callsMax`` says, in the order in
/// which they came. When all places are taken, a session
/// makes room as ``SessionRoom`` says. What a session lost is reported to its next use, once.
///
/// The registry owns the states that `open` gives it, and closes each.
public actor SessionRegistry<State: SessionState>: ToolSessions {
    /// Opens what the tool keeps for a session; whatever it throws but ``SessionError`` counts as unavailable.
    public typealias Open = @Sendable (SessionOpening) async throws -> State

    /// How long it may take until a session is looked at again that is not used.
    private static var lookMax: Duration { .seconds(5) }

    let limits: SessionLimits
    let usualNetwork: String
    let usualImage: String
    let open: Open
    var entries: [SessionID: SessionEntry<State>] = [:]
    private(set) var lastBegun: ContinuousClock.Instant?

    /// Has no session yet.
    ///
    /// - Parameters:
    ///   - usualNetwork: What a session reaches whose first use does not say, in the tool's words.
    ///   - usualImage: What a session begins with whose first use does not say, in the tool's words.
    ///   - open: Opens a session's state; asked again when a state is no longer open.
    public init(
        limits: SessionLimits = SessionLimits(),
        usualNetwork: String = "",
        usualImage: String = "",
        open: @escaping Open
    ) {
        self.limits = limits
        self.usualNetwork = usualNetwork
        self.usualImage = usualImage
        self.open = open
    }

    /// The sessions that are open.
    public var summaries: [SessionSummary] {
        let now = ContinuousClock.now
        return entries.compactMap { id, entry in entry.isHeld ? entry.summary(of: id, at: now) : nil }
    }

    /// How many sessions are open.
    public var sessionCount: Int { entries.values.count { $0.opening != nil } }

    /// How many calls run or wait.
    public var callCount: Int { entries.values.reduce(0) { $0 + $1.calls } }

    /// What there is for further sessions.
    public var vacancy: SessionVacancy {
        SessionVacancy(
            free: max(0, limits.sessionsMax - heldCount),
            canMakeRoom: room.toBeEnded(forOneWithContent: true, at: .now) != nil,
            lastBegun: lastBegun
        )
    }

    /// Runs `body` with the session's state, in turn after the calls that came before, and waits for its end.
    ///
    /// The session is opened if there is none. `body` also gets what was lost since the last use.
    ///
    /// - Throws: `CancellationError` if the caller is cancelled while it waits, ``SessionError``, and what `body` throws.
    public nonisolated func use<Value: Sendable>(
        _ use: SessionUse,
        _ body: (State, SessionLoss?) async throws -> Value
    ) async throws -> Value {
        let queue = try await begin(use)
        do {
            let value = try await queue.withPermit {
                let (state, loss) = try await stateAndLoss(of: use.session)
                return try await body(state, loss)
            }
            await finish(use.session, queue)
            return value
        } catch {
            await finish(use.session, queue)
            throw error
        }
    }

    /// The state of a session, opened if there is none, for what need not wait for the calls on it.
    ///
    /// Counts as a use of the session; a loss stays to be reported to the next call.
    ///
    /// - Throws: ``SessionError``.
    public func openState(for use: SessionUse) async throws -> State {
        let queue = try begin(use)
        defer { finish(use.session, queue) }
        return try await state(of: use.session)
    }

    /// The state of a session that is open, nil if there is none; counts as a use.
    public func currentState(of session: SessionID) async -> State? {
        guard let opening = entries[session]?.opening, let state = try? await opening.value, state.isOpen else {
            return nil
        }
        entries[session]?.lastUse = .now
        return state
    }

    /// What a session reaches of the network and the image that it began with; nil if there is no such session.
    public func choices(of session: SessionID) -> (network: String, image: String)? {
        guard let entry = entries[session], entry.opening != nil else { return nil }
        return (entry.network, entry.image)
    }

    /// Ends a session, its state and what runs on it; false if there is none.
    public func end(_ session: SessionID) async -> Bool {
        guard let entry = entries.removeValue(forKey: session) else { return false }
        await close(entry)
        return entry.isHeld
    }

    /// Ends every session.
    public func endAll() async {
        let ended = entries.values
        entries = [:]
        for entry in ended { await close(entry) }
    }

    /// Ends sessions that are not used for longer than they are kept, until the task is cancelled.
    ///
    /// - Throws: `CancellationError`, which is its only end.
    public func expireIdleSessions() async throws {
        while true {
            try await Task.sleep(for: min(limits.idle / 20, SessionRegistry.lookMax))
            await expire(at: .now)
        }
    }

    /// Ends what has not been used for longer than it is kept; a loss is kept as long again, then forgotten. The rest hears
    /// for how long it was not used.
    func expire(at now: ContinuousClock.Instant) async {
        for (id, entry) in entries where entry.calls == 0 {
            guard let opening = entry.opening, let state = try? await opening.value, entries[id]?.calls == 0 else {
                continue
            }
            state.rest(after: now - entry.lastUse)
        }
        for (id, entry) in entries where entry.calls == 0 && now - entry.lastUse > limits.idle {
            entries[id] = entry.opening == nil ? nil : entry.lost(.expired)
            await close(entry)
        }
    }

    /// Takes note that a session's state has begun, or is no longer open.
    func stateChanged(_ session: SessionID) async {
        // A newer session may have the name by now.
        guard let opening = entries[session]?.opening, let state = try? await opening.value,
            entries[session]?.opening == opening
        else { return }
        if state.isOpen {
            if state.hasBegun { lastBegun = .now }
        } else {
            forget(opening, of: session, state)
        }
    }

    /// Lets go of a state that is no longer open, unless that was done before; a loss is kept to be reported.
    func forget(_ opening: Task<State, any Error>, of session: SessionID, _ state: State) {
        guard entries[session]?.opening == opening else { return }
        entries[session]?.opening = nil
        // What never began had nothing to lose.
        if state.hasBegun, entries[session]?.hasContent == true { entries[session]?.loss = .lost }
    }
}
