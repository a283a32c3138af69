internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Sessions

/// `/v1/sessions/{id}/branch`, `/v1/sessions/{id}/snapshot` and `/v1/snapshots`: copies of sessions' files.
struct SnapshotRoutes: Sendable {
    private let snapshots: any SessionSnapshots
    private let bodies: BodyReader

    /// Makes what requests ask for with `snapshots`.
    init(snapshots: any SessionSnapshots, bodies: BodyReader) {
        self.snapshots = snapshots
        self.bodies = bodies
    }

    /// Begins a session with the files of another.
    func branch(_ request: Request, _ context: ServerContext) async throws -> Response {
        let source = try SessionName.inPath(of: context)
        let use = try await target(of: request, context)
        let bytes = try await Problem.translating { () async throws(SnapshotError) in
            try await snapshots.branch(source, into: use)
        }
        return SnapshotRoutes.began(use.session, bytes: bytes)
    }

    /// Keeps the files of a session.
    func snapshot(_ context: ServerContext) async throws -> Response {
        let session = try SessionName.inPath(of: context)
        let made = try await Problem.translating { () async throws(SnapshotError) in
            try await snapshots.snapshot(session)
        }
        return Response(json: ["snapshot": .string(made.id), "bytes": .integer(made.bytes)], status: .created)
    }

    /// Begins a session with the files of a snapshot.
    func branchSnapshot(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = context.parameters.get("snapshot") ?? ""
        let use = try await target(of: request, context)
        let bytes = try await Problem.translating { () async throws(SnapshotError) in
            try await snapshots.branch(snapshot: id, into: use)
        }
        return SnapshotRoutes.began(use.session, bytes: bytes)
    }

    /// Removes a snapshot.
    func remove(_ context: ServerContext) async throws -> Response {
        guard await snapshots.remove(snapshot: context.parameters.get("snapshot") ?? "") else {
            throw Problem(.notFound, "There is no such snapshot.")
        }
        return Response(status: .noContent)
    }

    private static func began(_ session: SessionID, bytes: Int) -> Response {
        Response(json: ["session": .string(session.name), "bytes": .integer(bytes)], status: .created)
    }

    /// The new session that a request names.
    private func target(of request: Request, _ context: ServerContext) async throws -> SessionUse {
        var request = request
        let body = try await bodies.read(&request, context)
        guard let name = (try? await body.parsed { try JSONValue(parsing: $0) })?["into"]?.string else {
            throw Problem(.badRequest, "Name the new session, as {\"into\": \"NAME\"}.")
        }
        return SessionUse(SessionID(try SessionName.checked(name)), client: context.client(of: request))
    }
}

extension SnapshotError: AnsweredError {
    private static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")

    var problem: Problem {
        switch reason {
        case .noSession: Problem(.notFound, "There is no such container session. It begins with its first command.")
        case .noSnapshot: Problem(.notFound, "There is no such snapshot.")
        case .sessionExists:
            Problem(
                .conflict,
                "There is a session with this name. Take another, or end that one with DELETE /v1/sessions/NAME."
            )
        case .noRoom:
            Problem(
                SnapshotError.insufficientStorage,
                "There is no room for another snapshot. Remove one with DELETE /v1/snapshots/ID."
            )
        case .noSpace: Problem(SnapshotError.insufficientStorage, "The new session has no room for these files.")
        case .failed: Problem(.internalServerError, "The files could not be copied; the server's log says why.")
        case .unavailable: Problem(.serviceUnavailable, "No session can be had now. Try again in a moment.")
        }
    }
}
