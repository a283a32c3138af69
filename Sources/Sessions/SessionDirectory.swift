/// The sessions of all tools together: one that several tools have is one here.
public struct SessionDirectory: Sendable {
    /// A session, and the tools that keep something for it.
    public struct Listing: Equatable, Sendable {
        /// Which session.
        public let id: SessionID
        /// The tools, in alphabetical order.
        public internal(set) var tools: [String]
        /// How long ago the first tool opened it.
        public internal(set) var age: Duration
        /// How long ago a tool was last used in it; zero while a call runs.
        public internal(set) var idle: Duration
        /// Its calls that run or wait, in all tools.
        public internal(set) var calls: Int
    }

    private let sessions: [String: any ToolSessions]

    /// Joins the sessions of tools, by the names of the tools.
    public init(_ sessions: [String: any ToolSessions]) {
        self.sessions = sessions
    }

    /// The sessions that are open, by name.
    public var listings: [Listing] {
        get async {
            var found: [SessionID: Listing] = [:]
            for (tool, sessions) in sessions.sorted(by: { $0.key < $1.key }) {
                for summary in await sessions.summaries {
                    found[summary.id, default: Listing(summary)].add(summary, of: tool)
                }
            }
            return found.values.sorted { ($0.id.tenant, $0.id.name) < ($1.id.tenant, $1.id.name) }
        }
    }

    /// Ends a session in every tool; false if none has it.
    public func end(_ session: SessionID) async -> Bool {
        var isEnded = false
        for sessions in sessions.values where await sessions.end(session) { isEnded = true }
        return isEnded
    }
}

extension SessionDirectory.Listing {
    fileprivate init(_ summary: SessionSummary) {
        self.init(id: summary.id, tools: [], age: summary.age, idle: summary.idle, calls: 0)
    }

    fileprivate mutating func add(_ summary: SessionSummary, of tool: String) {
        tools.append(tool)
        age = max(age, summary.age)
        idle = min(idle, summary.idle)
        calls += summary.calls
    }
}
