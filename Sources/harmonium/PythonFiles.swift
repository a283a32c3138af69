internal import Sandbox
internal import Server

/// The files of python sessions, for the server.
struct PythonFiles: SessionFiles {
    let sandbox: Sandbox

    func list(session: String) async throws(SessionFileError) -> [SessionFile]? {
        try await translating {
            try await sandbox.files(of: session)?.map { SessionFile(path: $0.path, bytes: $0.bytes) }
        }
    }

    func read(
        _ path: String,
        session: String,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(SessionFileError) -> Bool {
        try await translating { try await sandbox.readFile(path, of: session, handler: output) }
    }

    func write(
        _ path: String,
        _ content: [UInt8],
        session: String,
        client: String
    ) async throws(SessionFileError) {
        try await translating { try await sandbox.writeFile(path, content, of: session, client: client) }
    }

    private func translating<Value>(_ body: () async throws -> Value) async throws(SessionFileError) -> Value {
        do {
            return try await body()
        } catch let error as FileError {
            throw SessionFileError(PythonFiles.kind(of: error.reason), error.description)
        } catch {
            throw SessionFileError(.unavailable, "The session's files cannot be reached now. Try again in a moment.")
        }
    }

    private static func kind(of reason: FileError.Reason) -> SessionFileError.Kind {
        switch reason {
        case .notFound: .notFound
        case .notRegular, .badPath, .other: .badRequest
        case .tooLarge, .noSpace: .tooLarge
        }
    }
}
