internal import AsyncAlgorithms
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import MCP
internal import NIOCore

/// `/v1/sessions/{id}/files`: what a session has below `/mnt/data`, to list, fetch and put.
struct FileRoutes: Sendable {
    private let files: any SessionFiles
    private let bodies: BodyReader

    /// Serves `files`, whose bodies `bodies` reads.
    init(files: any SessionFiles, bodies: BodyReader) {
        self.files = files
        self.bodies = bodies
    }

    func list(_ context: some RequestContext) async throws -> Response {
        let session = try session(in: context)
        let found = try await translating { () async throws(SessionFileError) in try await files.list(session: session)
        }
        guard let found else { throw FileRoutes.noSession(session) }
        let items = found.map { ["path": .string($0.path), "bytes": .integer(Int(clamping: $0.bytes))] as JSONValue }
        return Response(json: ["files": .array(items)])
    }

    /// Answers once the first piece is there, so that a refusal is a status and not a broken body.
    func read(_ context: some RequestContext) async throws -> Response {
        let session = try session(in: context)
        let path = try path(in: context)
        let pieces = AsyncChannel<[UInt8]>()
        // Ends with the transfer, or when nobody reads any more: the channel is then finished.
        let transfer = Task { () async -> Result<Bool, SessionFileError> in
            defer { pieces.finish() }
            do throws(SessionFileError) {
                return .success(try await files.read(path, session: session) { await pieces.send($0) })
            } catch {
                return .failure(error)
            }
        }
        var iterator = pieces.makeAsyncIterator()
        guard let first = await iterator.next() else {
            let isThere = try await translating { () async throws(SessionFileError) in try await transfer.value.get() }
            guard isThere else { throw FileRoutes.noSession(session) }
            return FileRoutes.response(body: ResponseBody())
        }
        let body = ResponseBody { writer in
            defer {
                transfer.cancel()
                pieces.finish()
            }
            try await writer.write(ByteBuffer(bytes: first))
            for await piece in pieces { try await writer.write(ByteBuffer(bytes: piece)) }
            // A file that could not be read to its end is no whole body.
            _ = try await transfer.value.get()
            try await writer.finish(nil)
        }
        return FileRoutes.response(body: body)
    }

    func write(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        let session = try session(in: context)
        let path = try path(in: context)
        let content = try await bodies.read(&request, context)
        let client = context.client(of: request)
        try await translating { () async throws(SessionFileError) in
            try await files.write(path, content.bytes, session: session, client: client)
        }
        return Response(status: .noContent)
    }

    private func session(in context: some RequestContext) throws(Problem) -> String {
        guard let name = context.parameters.get("session")?.percentDecoded else {
            throw Problem(.badRequest, "The session in this address is no text.")
        }
        return try SessionName.checked(name)
    }

    private func path(in context: some RequestContext) throws(Problem) -> String {
        let parts: [String?] = context.parameters.getCatchAll().map { String($0).percentDecoded }
        guard !parts.contains(nil) else { throw Problem(.badRequest, "The path in this address is no text.") }
        return parts.compactMap { $0 }.joined(separator: "/")
    }

    private func translating<Value>(
        _ body: () async throws(SessionFileError) -> Value
    ) async throws(Problem) -> Value {
        do throws(SessionFileError) {
            return try await body()
        } catch {
            let status: HTTPResponse.Status =
                switch error.kind {
                case .notFound: .notFound
                case .badRequest: .badRequest
                case .tooLarge: .contentTooLarge
                case .unavailable: .serviceUnavailable
                }
            throw Problem(status, error.sentence)
        }
    }

    private static func noSession(_ name: String) -> Problem {
        Problem(.notFound, "There is no session `\(name)`. It begins with its first call, or a file put into it.")
    }

    /// Whatever the file is, a browser must not take it for a page of ours.
    private static func response(body: ResponseBody) -> Response {
        var headers: HTTPFields = [.contentType: "application/octet-stream", .contentDisposition: "attachment"]
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, body: body)
    }
}
