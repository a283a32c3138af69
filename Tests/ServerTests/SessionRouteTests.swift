import JSON
import NIOHTTP1
import Server
import Sessions
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct SessionRouteTests {
    private static func run(_ body: @escaping @Sendable (LiveServer, FakeSessions) async throws -> Void) async throws {
        let sessions = FakeSessions()
        let directory = SessionDirectory(["python": sessions])
        try await LiveServer.run(sessions: directory, files: sessions) { server in try await body(server, sessions) }
    }

    @Test func `sessions are listed with their tools, age and use`() async throws {
        try await Self.run { server, _ in
            let answer = try await server.get("/v1/sessions")
            #expect(answer.status == 200)
            #expect(
                answer.json == [
                    "sessions": [
                        ["id": "a b", "tools": ["python"], "age_seconds": 90, "idle_seconds": 0, "running": 1],
                        ["id": "c", "tools": ["python"], "age_seconds": 60, "idle_seconds": 30, "running": 0],
                    ]
                ]
            )
        }
    }

    @Test func `a session is ended once, and one that is not there is named`() async throws {
        try await Self.run { server, sessions in
            #expect(try await server.ask(.DELETE, "/v1/sessions/a%20b").status == 204)
            #expect(sessions.summaries.map(\.id.name) == ["c"])
            let second = try await server.ask(.DELETE, "/v1/sessions/a%20b")
            #expect(second.status == 404)
            #expect(second.json["error"]?.string?.contains("`a b`") == true)
        }
    }

    @Test(arguments: [
        ("host", "evil.example", 421), ("origin", "https://evil.example", 403), ("origin", "http://localhost:80", 204),
    ])
    func `a page of another site ends no session`(header: String, value: String, status: Int) async throws {
        try await Self.run { server, sessions in
            let answer = try await server.ask(.DELETE, "/v1/sessions/c", headers: [header: value])
            #expect(answer.status == status)
            #expect(sessions.summaries.count == (status == 204 ? 1 : 2))
        }
    }

    @Test(arguments: [("/v1/sessions", HTTPMethod.DELETE, "GET"), ("/v1/sessions/c", .GET, "DELETE")])
    func `another method says which one to use`(path: String, method: HTTPMethod, allowed: String) async throws {
        try await Self.run { server, _ in
            let answer = try await server.ask(method, path)
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == [allowed])
        }
    }

    @Test func `a file is put, listed, fetched and deleted`() async throws {
        try await Self.run { server, _ in
            let file = "/v1/sessions/c/files/sub/a%20b.txt"
            #expect(try await server.ask(.PUT, file, text: "text").status == 204)
            let listed = try await server.get("/v1/sessions/c/files")
            #expect(listed.json == ["files": [["path": "sub/a b.txt", "bytes": 4]]])
            #expect(try await server.get(file).text == "text")
            #expect(try await server.ask(.DELETE, file).status == 204)
            #expect(try await server.get(file).status == 404)
            #expect(try await server.ask(.DELETE, file).status == 404)
        }
    }

    @Test(arguments: [
        (FileError.Reason.notFound, 404), (.notRegular, 400), (.badPath, 400), (.refused(errno: 13), 400),
        (.tooLarge, 413), (.noSpace, 413), (.unavailable, 503),
    ])
    func `what goes wrong with a file has its status and a sentence`(reason: FileError.Reason, status: Int) async throws
    {
        try await Self.run { server, sessions in
            sessions.failure.withLock { $0 = FileError(reason) }
            for method in [HTTPMethod.GET, .PUT, .DELETE] {
                let answer = try await server.ask(method, "/v1/sessions/c/files/a", text: method == .PUT ? "text" : nil)
                #expect(answer.status == status)
                #expect(answer.json["error"]?.string == FileError(reason).description)
            }
        }
    }

    @Test(arguments: [HTTPMethod.GET, .DELETE])
    func `files of a session that is not there are not found`(method: HTTPMethod) async throws {
        try await Self.run { server, _ in
            let answer = try await server.ask(method, "/v1/sessions/none/files/a")
            #expect(answer.status == 404)
            #expect(answer.json["error"]?.string?.contains("no session `none`") == true)
        }
    }
}

/// Two sessions with files in memory.
private final class FakeSessions: ToolSessions, SessionFiles {
    let failure = Mutex<FileError?>(nil)
    private let open = Mutex([
        SessionSummary(id: SessionID("a b"), age: .seconds(90), idle: .zero, calls: 1),
        SessionSummary(id: SessionID("c"), age: .seconds(60), idle: .seconds(30), calls: 0),
    ])
    private let files = Mutex<[String: [UInt8]]>([:])

    var summaries: [SessionSummary] { open.withLock { $0 } }
    var vacancy: SessionVacancy { SessionVacancy(free: 1, canMakeRoom: false, lastBegun: nil) }

    func end(_ session: SessionID) -> Bool {
        open.withLock { open in
            let index = open.firstIndex { $0.id == session }
            if let index { open.remove(at: index) }
            return index != nil
        }
    }

    func endAll() { open.withLock { $0 = [] } }
    func expireIdleSessions() {}

    func list(in session: SessionID) throws(FileError) -> [SessionFile]? {
        guard try isThere(session) else { return nil }
        return files.withLock { $0.map { SessionFile(path: $0.key, bytes: UInt64($0.value.count)) } }
    }

    func read(
        _ path: String,
        in session: SessionID,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(FileError) -> Bool {
        guard try isThere(session) else { return false }
        guard let content = files.withLock({ $0[path] }) else { throw FileError(.notFound) }
        await output(content)
        return true
    }

    func write(_ path: String, _ content: [UInt8], in session: SessionID, client: String) throws(FileError) {
        _ = try isThere(session)
        files.withLock { $0[path] = content }
    }

    func delete(_ path: String, in session: SessionID) throws(FileError) -> Bool {
        guard try isThere(session) else { return false }
        guard files.withLock({ $0.removeValue(forKey: path) }) != nil else { throw FileError(.notFound) }
        return true
    }

    private func isThere(_ session: SessionID) throws(FileError) -> Bool {
        if let failure = failure.withLock({ $0 }) { throw failure }
        return summaries.contains { $0.id == session }
    }
}
