internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Sessions

/// `/v1/sessions`: the sessions of all tools, to list and to end.
struct SessionRoutes: Sendable {
    let sessions: SessionDirectory

    /// Only for this machine: a client that knows a session's name can use it, so other clients must not learn it.
    func list(_ context: ServerContext) async throws -> Response {
        guard context.isLocal else {
            throw Problem(.forbidden, "Sessions are listed only for clients on the server's own machine.")
        }
        return Response(json: ["sessions": .array(await sessions.listings.map(\.json))])
    }

    func end(_ context: ServerContext) async throws -> Response {
        let session = try SessionName.inPath(of: context)
        guard await sessions.end(session) else { throw SessionRoutes.noSession(session) }
        return Response(status: .noContent)
    }

    static func noSession(_ session: SessionID) -> Problem {
        Problem(.notFound, "There is no session `\(session)`. It begins with its first call, or a file put into it.")
    }
}

extension SessionDirectory.Listing {
    fileprivate var json: JSONValue {
        [
            "id": .string(id.name), "tools": .array(tools.map { .string($0) }),
            "age_seconds": .integer(Int(age.components.seconds)),
            "idle_seconds": .integer(Int(idle.components.seconds)), "running": .integer(calls),
        ]
    }
}
