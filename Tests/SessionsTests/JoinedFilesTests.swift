import Synchronization
import TestSupport
import Testing

@testable import Sessions

@Suite(.bounded) struct JoinedFilesTests {
    private let mine = SessionID("mine")

    @Test func `a session's files are where the session is`() async throws {
        let (python, container) = (FakeFiles(sessions: []), FakeFiles(sessions: ["mine"]))
        let files = try #require(JoinedFiles([python, container]))
        try await files.write("a", [1, 2], in: mine, client: "")
        #expect(python.written.isEmpty && container.written == ["a"])
        #expect(try await files.list(in: mine) == [SessionFile(path: "a", bytes: 2)])
        #expect(try await files.read("a", in: mine) { _ in })
        #expect(try await files.delete("a", in: mine))
        #expect(try await files.list(in: mine)?.isEmpty == true)
    }

    @Test func `of two tools with the session the first is asked, and it gets what is new`() async throws {
        let (python, container) = (FakeFiles(sessions: ["mine"]), FakeFiles(sessions: ["mine"]))
        let files = try #require(JoinedFiles([python, container]))
        try await files.write("a", [1], in: mine, client: "")
        try await files.write("b", [1], in: SessionID("new"), client: "")
        #expect(python.written == ["a", "b"] && container.written.isEmpty)
    }

    @Test func `a session that no tool has, has no files, and no tools have none`() async throws {
        let files = try #require(JoinedFiles([FakeFiles(sessions: []), FakeFiles(sessions: [])]))
        #expect(try await files.list(in: mine) == nil)
        #expect(try await files.read("a", in: mine) { _ in } == false)
        #expect(try await files.delete("a", in: mine) == false)
        #expect(JoinedFiles([]) == nil)
    }
}

/// Files in memory, of sessions that are there from the start; another one is opened by what is written to it.
private final class FakeFiles: SessionFiles {
    private let sessions: Mutex<[String: [String: [UInt8]]]>
    private let names = Mutex<[String]>([])

    init(sessions: [String]) {
        self.sessions = Mutex(Dictionary(uniqueKeysWithValues: sessions.map { ($0, [:]) }))
    }

    /// The paths of all that was written.
    var written: [String] { names.withLock { $0 } }

    func list(in session: SessionID) -> [SessionFile]? {
        sessions.withLock { sessions in
            sessions[session.name]?.map { SessionFile(path: $0.key, bytes: UInt64($0.value.count)) }
        }
    }

    func read(
        _ path: String,
        in session: SessionID,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async -> Bool {
        guard let files = sessions.withLock({ $0[session.name] }) else { return false }
        await output(files[path] ?? [])
        return true
    }

    func write(_ path: String, _ content: [UInt8], in session: SessionID, client: String) {
        names.withLock { $0.append(path) }
        sessions.withLock { $0[session.name, default: [:]][path] = content }
    }

    func delete(_ path: String, in session: SessionID) -> Bool {
        sessions.withLock { sessions in
            guard sessions[session.name] != nil else { return false }
            sessions[session.name]?[path] = nil
            return true
        }
    }
}
