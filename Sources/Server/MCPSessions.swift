internal import HTTPTypes
internal import MCP
internal import Sessions
internal import Synchronization

/// The sessions of Streamable HTTP that `initialize` has opened.
final class MCPSessions: Sendable {
    private struct Session {
        let connection: MCPConnection
        let client: String
        var lastUse: ContinuousClock.Instant
        /// Whether a tool was called in it, so that it may hold something.
        var hasContent = false

        func candidate(as id: String) -> SessionRoom<String>.Candidate {
            .init(id: id, client: client, lastUse: lastUse, isBusy: !connection.isIdle, hasContent: hasContent)
        }
    }

    private let settings: ServerSettings
    private let sessions = Mutex<[String: Session]>([:])

    init(settings: ServerSettings) {
        self.settings = settings
    }

    /// Opens a session for a client, and says which ones had to end for it. Throws 503 where none can be spared.
    func open(for client: String) throws(Problem) -> (id: String, ended: [String]) {
        let id = SessionName.minted()
        let session = Session(
            connection: MCPConnection(requestsMax: settings.requestsMax),
            client: client,
            lastUse: .now
        )
        let ended: [String]? = sessions.withLock { sessions in
            let ended = ending(in: sessions)
            for id in ended { sessions.removeValue(forKey: id)?.connection.close() }
            guard sessions.count < settings.sessionsMax else { return nil }
            sessions[id] = session
            return ended
        }
        guard let ended else {
            throw Problem(.serviceUnavailable, "Too many sessions are open, and all are in use. Try again later.")
        }
        return (id, ended)
    }

    /// The session `id`, which is kept for longer, most of all if it calls a tool; nil when there is none.
    func use(_ id: String, callsTool: Bool) -> MCPConnection? {
        sessions.withLock { sessions in
            sessions[id]?.lastUse = .now
            if callsTool { sessions[id]?.hasContent = true }
            return sessions[id]?.connection
        }
    }

    /// Ends the session `id` and cancels what runs in it; false when there is none.
    func end(_ id: String) -> Bool {
        guard let session = sessions.withLock({ $0.removeValue(forKey: id) }) else { return false }
        session.connection.close()
        return true
    }

    /// The sessions that were not used for longer than they are kept; or, when there is no room, the one that makes room.
    private func ending(in sessions: [String: Session]) -> [String] {
        let now = ContinuousClock.now
        let expired = sessions.filter { $0.value.connection.isIdle && $0.value.lastUse + settings.sessionIdle < now }
        if !expired.isEmpty || sessions.count < settings.sessionsMax { return Array(expired.keys) }
        let room = SessionRoom(sessions.map { $1.candidate(as: $0) }, idleMin: settings.roomIdle)
        return room.toBeEnded(forOneWithContent: true, at: now).map { [$0] } ?? []
    }
}
