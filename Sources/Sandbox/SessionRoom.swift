/// Which session is ended so that another can be opened.
///
/// What holds nothing goes first. What holds variables or files goes only if it was idle for long, and only for one that
/// will hold some too. Of several, one goes of the client that has most of them, and of those the one idle for longest.
struct SessionRoom {
    struct Session {
        let name: String
        let client: String
        let lastUse: ContinuousClock.Instant
        let isBusy: Bool
        let hasState: Bool
    }

    let sessions: [Session]
    /// How long a session with state must have been idle.
    let idleMin: Duration

    /// The session to end, nil if none can be spared.
    func toBeEnded(forOneWithState: Bool, at now: ContinuousClock.Instant) -> String? {
        let spare = sessions.filter { !$0.isBusy && !$0.hasState }
        if let session = longestIdle(spare) { return session.name }
        guard forOneWithState else { return nil }
        return longestIdle(sessions.filter { !$0.isBusy && now - $0.lastUse >= idleMin })?.name
    }

    private func longestIdle(_ candidates: [Session]) -> Session? {
        let counts = sessions.reduce(into: [:]) { counts, session in counts[session.client, default: 0] += 1 }
        return candidates.min { first, second in
            let (more, fewer) = (counts[first.client, default: 0], counts[second.client, default: 0])
            return more == fewer ? first.lastUse < second.lastUse : more > fewer
        }
    }
}
