import TestSupport
import Testing

@testable import Sessions

@Suite(.bounded) struct SessionRoomTests {
    private static let now = ContinuousClock.now

    private static func session(
        _ name: String,
        of client: String = "a",
        idle seconds: Int,
        isBusy: Bool = false,
        hasContent: Bool = true
    ) -> SessionRoom<String>.Candidate {
        .init(id: name, client: client, lastUse: now - .seconds(seconds), isBusy: isBusy, hasContent: hasContent)
    }

    private static func ended(_ sessions: [SessionRoom<String>.Candidate], hasContent: Bool = true) -> String? {
        SessionRoom(sessions, idleMin: .seconds(60)).toBeEnded(forOneWithContent: hasContent, at: now)
    }

    @Test func `of those that hold something the longest idle goes, and only once it was idle for long enough`() {
        let sessions = [Self.session("new", idle: 59), Self.session("old", idle: 61), Self.session("older", idle: 62)]
        #expect(Self.ended(sessions) == "older")
        #expect(Self.ended([sessions[0]]) == nil)
    }

    @Test func `what holds nothing goes first, however new it is`() {
        let sessions = [Self.session("old", idle: 1000), Self.session("empty", idle: 0, hasContent: false)]
        #expect(Self.ended(sessions) == "empty")
    }

    @Test func `nothing that holds something goes for one that will hold nothing`() {
        #expect(Self.ended([Self.session("old", idle: 1000)], hasContent: false) == nil)
        #expect(Self.ended([Self.session("empty", idle: 0, hasContent: false)], hasContent: false) == "empty")
    }

    @Test(arguments: [true, false])
    func `what runs a cell never goes`(hasContent: Bool) {
        #expect(Self.ended([Self.session("busy", idle: 1000, isBusy: true, hasContent: hasContent)]) == nil)
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
