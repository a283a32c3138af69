internal import MCP
internal import Synchronization

/// The sessions of Streamable HTTP that `initialize` has opened.
final class MCPSessions: Sendable {
    private struct Session {
        let connection: MCPConnection
        var lastUse: ContinuousClock.Instant
    }

    private let settings: ServerSettings
    private let sessions = Mutex<[String: Session]>([:])

    init(settings: ServerSettings) {
        self.settings = settings
    }

    /// Opens a session, and says which ones had to end for it.
    func open() -> (id: String, ended: [String]) {
        let id = SessionName.minted()
        let session = Session(connection: MCPConnection(requestsMax: settings.requestsMax), lastUse: .now)
        let ended = sessions.withLock { sessions in
            let ended = ending(in: sessions)
            for id in ended { sessions[id] = nil }
            sessions[id] = session
            return ended
        }
        return (id, ended)
    }

    /// The session `id`, which is kept for longer; nil when there is none.
    func use(_ id: String) -> MCPConnection? {
        sessions.withLock { sessions in
            sessions[id]?.lastUse = .now
            return sessions[id]?.connection
        }
    }

    /// Ends the session `id` and cancels what runs in it; false when there is none.
    func end(_ id: String) -> Bool {
        guard let session = sessions.withLock({ $0.removeValue(forKey: id) }) else { return false }
        session.connection.close()
        return true
    }

    /// The sessions nobody has used for long, or else the one that is idle for longest when there is no room.
    private func ending(in sessions: [String: Session]) -> [String] {
        let idle = sessions.filter { $0.value.connection.isIdle }
        let expired = idle.filter { $0.value.lastUse + settings.sessionIdle < .now }
        if !expired.isEmpty || sessions.count < settings.sessionsMax { return Array(expired.keys) }
        let oldest = (idle.isEmpty ? sessions : idle).min { $0.value.lastUse < $1.value.lastUse }
        oldest?.value.connection.close()
        return oldest.map { [$0.key] } ?? []
    }
}
