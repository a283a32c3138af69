/// Which session is ended so that another can be opened.
///
/// One that holds nothing goes first. One that holds something goes only if it was idle for long, and only for one that
/// will hold something too. Of several, one goes of the client that has most of them, and of those the one idle for longest.
package struct SessionRoom<ID: Sendable> {
    /// A session that is open.
    package struct Candidate {
        let id: ID
        let client: String
        let lastUse: ContinuousClock.Instant
        let isBusy: Bool
        let hasContent: Bool

        package init(
            id: ID,
            client: String,
            lastUse: ContinuousClock.Instant,
            isBusy: Bool,
            hasContent: Bool
        ) {
            self.id = id
            self.client = client
            self.lastUse = lastUse
            self.isBusy = isBusy
            self.hasContent = hasContent
        }
    }

    private let sessions: [Candidate]
    private let idleMin: Duration

    /// Chooses among `sessions`; one with content must have been idle for `idleMin`.
    package init(_ sessions: [Candidate], idleMin: Duration) {
        self.sessions = sessions
        self.idleMin = idleMin
    }

    /// The session to end, nil if none can be spared.
    package func toBeEnded(forOneWithContent: Bool, at now: ContinuousClock.Instant) -> ID? {
        let spare = sessions.filter { !$0.isBusy && !$0.hasContent }
        if let session = longestIdle(spare) { return session.id }
        guard forOneWithContent else { return nil }
        return longestIdle(sessions.filter { !$0.isBusy && now - $0.lastUse >= idleMin })?.id
    }

    private func longestIdle(_ candidates: [Candidate]) -> Candidate? {
        let counts = sessions.reduce(into: [:]) { counts, session in counts[session.client, default: 0] += 1 }
        return candidates.min { first, second in
            let (more, fewer) = (counts[first.client, default: 0], counts[second.client, default: 0])
            return more == fewer ? first.lastUse < second.lastUse : more > fewer
        }
    }
}
