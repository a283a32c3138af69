import PythonProtocol
import Sandbox
import SandboxProtocol
import Sessions
import TestSupport

/// Supervisors of python sessions on a real socket, which answer as a test wants.
enum FakeWorker {
    /// What the daemon asks a supervisor of a python session.
    enum Request {
        case python(PythonRequest)
        case file(FileRequest)
    }

    /// The frames that a supervisor answers to a request; nil ends it, as when its process dies.
    typealias Answer = @Sendable (Request) -> [Frame]?

    /// Runs `body` with a sandbox whose sessions are these supervisors.
    static func run(
        limits: Sandbox.Limits = Sandbox.Limits(),
        answer: @escaping Answer,
        body: @escaping @Sendable (Sandbox) async throws -> Void
    ) async throws {
        try await FakeSupervisor.run { frame in
            let file = try FileRequest(frame)
            return answer(try file.map { .file($0) } ?? .python(try PythonRequest(frame)))
        } body: { path in
            let sandbox = Sandbox(limits: limits) { _ in path }
            try await body(sandbox)
            await sandbox.sessions.endAll()
        }
    }
}
