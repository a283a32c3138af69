import Sandbox
import Sessions

/// Runs cells in one session of the worker that listens on `socket`, and prints their output as it comes.
func run(_ cells: [String], worker socket: String) async throws {
    let sandbox = Sandbox { _ in socket }
    let session = SessionUse(SessionID("example"))
    for cell in cells {
        let outcome = try await sandbox.run(Array(cell.utf8), in: session, timeLimit: .seconds(10)) { event in
            if case .output(let bytes) = event { print(String(decoding: bytes, as: UTF8.self), terminator: "") }
        }
        print(outcome)
    }
    _ = await sandbox.sessions.end(session.session)
}
