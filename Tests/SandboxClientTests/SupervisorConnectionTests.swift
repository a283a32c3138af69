import SandboxClient
import SandboxProtocol
import Sessions
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct SupervisorConnectionTests {
    /// A frame that no session has in common, as those of a tool.
    private static let own = Frame(kind: 99, payload: [1, 2, 3])

    @Test func `a tool's frames pass through both ways, one after the other`() async throws {
        try await FakeSupervisor.run {
            [$0, $0]
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path)
            connection.send(Self.own)
            await seen.wait { $0.frames.count == 2 }
            #expect(seen.now.frames == [Self.own, Self.own])
            #expect(connection.hasBegun && connection.end == nil && seen.now.changes >= 1)
            connection.close(SessionError(.ended))
        }
    }

    @Test func `the end of a supervisor is said once, with the reason that came first`() async throws {
        try await FakeSupervisor.run { _ in
            nil
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path)
            connection.send(Self.own)
            await seen.wait { !$0.ends.isEmpty }
            connection.close(SessionError(.ended))
            #expect(connection.end?.code == .lost)
            #expect(seen.now.ends == [.lost])
        }
    }

    @Test func `closing ends the session for its reason, and what waits for a file with it`() async throws {
        let (asked, asking) = AsyncStream<Never>.makeStream()
        try await FakeSupervisor.run { _ in
            asking.finish()
            return []
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path)
            let request = Task { try await connection.answer(to: .list) }
            for await _ in asked {}
            connection.close(SessionError(.ended))
            let error = await #expect(throws: SessionError.self) { try await request.value }
            #expect(error?.code == .ended)
            #expect(seen.now.ends == [.ended])
            // What is asked of a session that is over is answered at once too.
            let late = await #expect(throws: SessionError.self) { try await connection.answer(to: .list) }
            #expect(late?.code == .ended)
        }
    }

    @Test func `file requests are answered one after the other, beside the tool's frames`() async throws {
        try await FakeSupervisor.run { frame in
            guard case .read(let path, _)? = try FileRequest(frame) else { return [frame] }
            return [Self.own, SessionEvent.file(.content(path, next: nil)).frame]
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path)
            let answers = try await withThrowingTaskGroup(of: (UInt8, [FileEvent]).self) { group in
                for number in UInt8(0)..<20 {
                    group.addTask { (number, try await connection.answer(to: .read(path: [number], from: .start))) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (number, events) in answers { #expect(events == [.content([number], next: nil)]) }
            await seen.wait { $0.frames.count == 20 }
            connection.close(SessionError(.ended))
        }
    }

    @Test func `a handler that throws ends the session, and so does a malformed frame`() async throws {
        try await FakeSupervisor.run {
            [$0]
        } body: { path in
            let seen = Seen(refuses: true)
            let connection = try await seen.connect(to: path)
            connection.send(Self.own)
            await seen.wait { !$0.ends.isEmpty }
            #expect(seen.now.ends == [.lost])
        }
        let malformed = Frame(kind: SessionEvent.file(.ended(errno: 0)).frame.kind, payload: [1])
        try await FakeSupervisor.run { _ in
            [malformed]
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path)
            connection.send(Self.own)
            await seen.wait { !$0.ends.isEmpty }
            #expect(seen.now.ends == [.lost] && seen.now.frames == [])
            #expect(connection.end?.code == .lost)
        }
    }

    @Test func `a session that is late is given up, and one that is not stays`() async throws {
        try await FakeSupervisor.run { _ in
            []
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path)
            connection.close(after: .milliseconds(1)) { false }
            connection.close(after: .seconds(60)) { true }.cancel()
            #expect(connection.end == nil)
            connection.close(after: .milliseconds(1)) { true }
            await seen.wait { !$0.ends.isEmpty }
            #expect(connection.end?.code == .lost)
        }
    }

    @Test func `where no session comes in time the connection ends`() async throws {
        try await FakeSupervisor.run(opens: false) { _ in
            []
        } body: { path in
            let seen = Seen()
            let connection = try await seen.connect(to: path, openingMax: .milliseconds(1))
            await seen.wait { !$0.ends.isEmpty }
            #expect(connection.end?.code == .unavailable && !connection.hasBegun)
        }
    }

    @Test func `where nothing listens there is no connection`() async {
        let error = await #expect(throws: SessionError.self) {
            try await SupervisorConnection.connect(to: "/nonexistent/socket")
        }
        #expect(error?.code == .unavailable)
    }
}

/// What a connection reported.
private final class Seen: Sendable {
    struct Record: Sendable {
        var frames: [Frame] = []
        var ends: [SessionError.Code] = []
        var changes = 0
    }

    private struct Refused: Error {}

    private let refuses: Bool
    private let record = Mutex(Record())
    private let (news, reporting) = AsyncStream.makeStream(of: Void.self)

    init(refuses: Bool = false) { self.refuses = refuses }

    var now: Record { record.withLock { $0 } }

    /// Beside other suites a session may begin late.
    func connect(to path: String, openingMax: Duration = .seconds(300)) async throws -> SupervisorConnection {
        let connection = try await SupervisorConnection.connect(to: path)
        let onChange = { @Sendable () async in self.note { $0.changes += 1 } }
        connection.serve(openingMax: openingMax, network: { _ in }, onChange: onChange) { error in
            self.note { $0.ends.append(error.code) }
        } handle: { frame in
            if self.refuses { throw Refused() }
            self.note { $0.frames.append(frame) }
        }
        return connection
    }

    /// Waits until `isSeen` holds; the suite's limit, which cancels the test, bounds it.
    func wait(until isSeen: (Record) -> Bool) async {
        var next = news.makeAsyncIterator()
        while !isSeen(now), await next.next(isolation: #isolation) != nil {}
    }

    private func note(_ change: (inout Record) -> Void) {
        record.withLock { change(&$0) }
        reporting.yield()
    }
}
