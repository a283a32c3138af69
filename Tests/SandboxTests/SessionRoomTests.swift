import TestSupport
import Testing

@testable import Sandbox

@Suite(.bounded) struct SessionRoomTests {
    private static let now = ContinuousClock.now

    private static func session(
        _ name: String,
        of client: String = "a",
        idle seconds: Int,
        isBusy: Bool = false,
        hasState: Bool = true
    ) -> SessionRoom.Session {
        .init(name: name, client: client, lastUse: now - .seconds(seconds), isBusy: isBusy, hasState: hasState)
    }

    private static func ended(_ sessions: [SessionRoom.Session], hasState: Bool = true) -> String? {
        SessionRoom(sessions: sessions, idleMin: .seconds(60)).toBeEnded(forOneWithState: hasState, at: now)
    }

    @Test func `of those that hold something the longest idle goes, and only once it was idle for long enough`() {
        let sessions = [Self.session("new", idle: 59), Self.session("old", idle: 61), Self.session("older", idle: 62)]
        #expect(Self.ended(sessions) == "older")
        #expect(Self.ended([sessions[0]]) == nil)
    }

    @Test func `what holds nothing goes first, however new it is`() {
        let sessions = [Self.session("old", idle: 1000), Self.session("empty", idle: 0, hasState: false)]
        #expect(Self.ended(sessions) == "empty")
    }

    @Test func `nothing that holds something goes for one that will hold nothing`() {
        #expect(Self.ended([Self.session("old", idle: 1000)], hasState: false) == nil)
        #expect(Self.ended([Self.session("empty", idle: 0, hasState: false)], hasState: false) == "empty")
    }

    @Test(arguments: [true, false])
    func `what runs a cell never goes`(hasState: Bool) {
        #expect(Self.ended([Self.session("busy", idle: 1000, isBusy: true, hasState: hasState)]) == nil)
    }

    @Test func `the client that has most sessions gives one up`() {
        let sessions = [
            Self.session("a1", of: "few", idle: 1000), Self.session("b1", of: "many", idle: 100),
            Self.session("b2", of: "many", idle: 90), Self.session("b3", of: "many", idle: 1, isBusy: true),
        ]
        #expect(Self.ended(sessions) == "b1")
        #expect(Self.ended([sessions[0], sessions[1]]) == "a1")
    }
}
