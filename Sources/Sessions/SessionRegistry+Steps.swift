internal import Concurrency
internal import Logging

/// The steps of one use: a place is taken, the state opened, and the place kept or given up.
extension SessionRegistry {
    /// Counts a call, and makes room for its session if that is new.
    func begin(_ use: SessionUse) throws(SessionError) -> AsyncLimiter {
        let id = use.session
        if let entry = entries[id], entry.opening != nil {
            guard use.network == nil || use.network == entry.network else { throw SessionError(.networkDiffers) }
            guard use.image == nil || use.image == entry.image else { throw SessionError(.imageDiffers) }
        } else if entries[id]?.isHeld != true {
            if heldCount >= limits.sessionsMax { try makeRoom(forContent: use.bringsContent) }
            if entries.count > 4 * limits.sessionsMax { forgetOldestLoss() }
        }
        var entry = entries[id] ?? newEntry(client: use.client)
        // One that was lost begins again with the network and the image that it had.
        let isKept = entry.opening != nil || entry.loss != nil
        entry.network = use.network ?? (isKept ? entry.network : usualNetwork)
        entry.image = use.image ?? (isKept ? entry.image : usualImage)
        entry.calls += 1
        if use.bringsContent { entry.hasContent = true }
        entries[id] = entry
        return entry.queue
    }

    /// Counts the end of a call.
    func finish(_ session: SessionID, _ queue: AsyncLimiter) {
        // A session that was ended may have been followed by another of the same name.
        guard entries[session]?.queue === queue else { return }
        entries[session]?.calls -= 1
        entries[session]?.lastUse = .now
    }

    /// The session's state, and what was lost before it, which is reported with that.
    func stateAndLoss(of session: SessionID) async throws(SessionError) -> (State, SessionLoss?) {
        let state = try await state(of: session)
        defer { entries[session]?.loss = nil }
        return (state, entries[session]?.loss)
    }

    /// The session's state, opened once however many ask.
    func state(of session: SessionID) async throws(SessionError) -> State {
        while let opening = entries[session]?.opening {
            if let state = try? await opening.value {
                if state.isOpen { return state }
                // The registry may not have heard of its end yet.
                forget(opening, of: session, state)
            } else if entries[session]?.opening == opening {
                entries[session]?.opening = nil
            }
        }
        guard let entry = entries[session] else { throw SessionError(.ended) }
        let opening = SessionOpening(session: session, network: entry.network, image: entry.image) { [weak self] in
            await self?.stateChanged(session)
        }
        // Stored before the first await, during which the actor can be entered again; ends with `open`.
        let task = Task { [open] in try await open(opening) }
        entries[session]?.opening = task
        entries[session]?.opened = .now
        do {
            let state = try await task.value
            // Ended while it was opened.
            guard entries[session]?.opening == task else {
                state.close()
                throw SessionError(.ended)
            }
            return state
        } catch {
            if entries[session]?.opening == task { entries[session]?.opening = nil }
            throw error as? SessionError ?? SessionError(.unavailable, cause: error)
        }
    }

    func close(_ entry: SessionEntry<State>) async {
        // Opening has its own deadline.
        if let opening = entry.opening { (try? await opening.value)?.close() }
    }

    /// How many places are taken.
    var heldCount: Int { entries.values.count { $0.isHeld } }

    var room: SessionRoom<SessionID> {
        SessionRoom(
            entries.compactMap { id, entry in entry.isHeld ? entry.candidate(as: id) : nil },
            idleMin: limits.roomIdle
        )
    }

    private func newEntry(client: String) -> SessionEntry<State> {
        let queue = AsyncLimiter(
            limit: limits.callsMax,
            waitingMax: limits.waitingMax,
            refusal: SessionError(.tooManyWaiting)
        )
        return SessionEntry(queue: queue, client: client, network: usualNetwork, image: usualImage)
    }

    /// Ends a session that can be spared.
    private func makeRoom(forContent: Bool) throws(SessionError) {
        let now = ContinuousClock.now
        guard let id = room.toBeEnded(forOneWithContent: forContent, at: now), let entry = entries[id] else {
            throw SessionError(.tooManySessions)
        }
        Logger.current.notice(
            "Session makes room for another",
            metadata: ["session.id": "\(id)", "session.idle": "\(now - entry.lastUse)"]
        )
        entries[id] = entry.hasContent ? entry.lost(.madeRoom) : nil
        // Ends with the state's closing, which waits for the opening at most.
        Task { await close(entry) }
    }

    private func forgetOldestLoss() {
        let lost = entries.filter { !$0.value.isHeld }
        if let oldest = lost.min(by: { $0.value.lastUse < $1.value.lastUse }) { entries[oldest.key] = nil }
    }
}
