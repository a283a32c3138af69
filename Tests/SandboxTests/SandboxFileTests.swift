import Sandbox
import SandboxProtocol
import Sessions
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct SandboxFileTests {
    private let session = SessionID("a")

    /// A session whose supervisor has one file of two pieces, and refuses the others with an `errno`.
    private static func run(_ body: @escaping @Sendable (Sandbox) async throws -> Void) async throws {
        try await FakeWorker.run(
            answer: { request in
                guard case .file(let file) = request else { return [] }
                return SandboxFileTests.answer(to: file).map { SessionEvent.file($0).frame }
            },
            body: body
        )
    }

    private static func answer(to request: FileRequest) -> [FileEvent] {
        switch request {
        case .list: return [.entry(path: Array("a".utf8), bytes: 4), .ended(errno: 0)]
        case .read(path: [UInt8(ascii: "a")], from: .start):
            return [.content([1, 2], next: FilePosition(offset: 2, file: 9))]
        case .read(path: [UInt8(ascii: "a")], from: FilePosition(offset: 2, file: 9)):
            return [.content([3, 4], next: nil)]
        case .write(path: [UInt8(ascii: "a")], content: _), .delete(path: [UInt8(ascii: "a")]), .reopen:
            return [.ended(errno: 0)]
        case .read(let path, _), .write(let path, _), .delete(let path):
            return [.ended(errno: Int32(String(decoding: path, as: UTF8.self)) ?? 5)]
        }
    }

    @Test func `a file is listed, read piece by piece, written and deleted`() async throws {
        try await Self.run { sandbox in
            try await sandbox.files.write("a", [1], in: session, client: "")
            #expect(try await sandbox.files.list(in: session) == [SessionFile(path: "a", bytes: 4)])
            let pieces = Mutex<[[UInt8]]>([])
            let isThere = try await sandbox.files.read("a", in: session) { piece in pieces.withLock { $0.append(piece) }
            }
            #expect(isThere)
            #expect(pieces.withLock { $0 } == [[1, 2], [3, 4]])
            #expect(try await sandbox.files.delete("a", in: session))
        }
    }

    @Test func `a session that is not there has no files, and writing opens it`() async throws {
        try await Self.run { sandbox in
            #expect(try await sandbox.files.list(in: session) == nil)
            let isThere = try await sandbox.files.read("a", in: session) { _ in }
            #expect(!isThere)
            #expect(try await sandbox.files.delete("a", in: session) == false)
            #expect(await sandbox.sessionCount == 0)
            try await sandbox.files.write("a", [1], in: session, client: "")
            #expect(await sandbox.sessionCount == 1)
        }
    }

    @Test(arguments: [
        (2, FileError.Reason.notFound), (20, .notFound), (21, .notRegular), (40, .notRegular), (22, .notRegular),
        (27, .tooLarge), (28, .noSpace), (36, .badPath), (13, .refused(errno: 13)),
    ])
    func `what the file system refuses has a reason`(errno: Int, reason: FileError.Reason) async throws {
        try await Self.run { sandbox in
            try await sandbox.files.write("a", [1], in: session, client: "")
            let read = await #expect(throws: FileError.self) {
                try await sandbox.files.read("\(errno)", in: session) { _ in }
            }
            let delete = await #expect(throws: FileError.self) {
                try await sandbox.files.delete("\(errno)", in: session)
            }
            #expect(read?.reason == reason)
            #expect(delete?.reason == reason)
        }
    }

    @Test(arguments: ["", "/a", "a//b", "../a", "a/..", ".", "a\0", String(repeating: "a", count: 4097)])
    func `a path that leads out, or cannot be, is not asked for`(path: String) async throws {
        try await Self.run { sandbox in
            try await sandbox.files.write("a", [1], in: session, client: "")
            let read = await #expect(throws: FileError.self) {
                try await sandbox.files.read(path, in: session) { _ in }
            }
            let write = await #expect(throws: FileError.self) {
                try await sandbox.files.write(path, [1], in: session, client: "")
            }
            #expect(read?.reason == .badPath)
            #expect(write?.reason == .badPath)
        }
    }

    @Test func `a file longer than may be written is refused, and one without a worker is unavailable`() async throws {
        try await Self.run { sandbox in
            let content = [UInt8](repeating: 0, count: FileRequest.writtenBytesMax + 1)
            let error = await #expect(throws: FileError.self) {
                try await sandbox.files.write("a", content, in: session, client: "")
            }
            #expect(error?.reason == .tooLarge)
        }
        let error = await #expect(throws: FileError.self) {
            try await Sandbox { _ in "/nonexistent/socket" }.files.write("a", [1], in: session, client: "")
        }
        #expect(error?.reason == .unavailable)
    }
}
