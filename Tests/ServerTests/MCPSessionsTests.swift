import MCP
import TestSupport
import Testing

@testable import Server

@Suite(.bounded) struct MCPSessionsTests {
    private static func sessions(max: Int = 3, roomIdle: Duration) -> MCPSessions {
        var settings = ServerSettings()
        settings.sessionsMax = max
        settings.roomIdle = roomIdle
        return MCPSessions(settings: settings)
    }

    @Test func `any number of handshakes leaves a session in which a tool was called`() throws {
        let sessions = Self.sessions(roomIdle: .zero)
        let mine = try sessions.open(for: "peer").id
        #expect(sessions.use(mine, callsTool: true) != nil)
        let other = try sessions.open(for: "peer").id
        for _ in 0..<10 { #expect(try !sessions.open(for: "peer").ended.contains(mine)) }
        #expect(sessions.use(mine, callsTool: false) != nil)
        #expect(sessions.use(other, callsTool: false) == nil)
    }

    @Test(arguments: [(Duration.zero, true), (.seconds(60), false)])
    func `where all were used the longest idle makes room, once it was idle for long enough`(
        roomIdle: Duration,
        makesRoom: Bool
    ) throws {
        let sessions = Self.sessions(max: 2, roomIdle: roomIdle)
        let ids = try (0..<2).map { _ in try sessions.open(for: "peer").id }
        for id in ids { #expect(sessions.use(id, callsTool: true) != nil) }
        if makesRoom {
            #expect(try sessions.open(for: "peer").ended == [ids[0]])
        } else {
            #expect(throws: Problem.self) { try sessions.open(for: "peer") }
            #expect(sessions.use(ids[0], callsTool: false) != nil)
        }
    }
}
