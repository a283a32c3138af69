internal import AsyncAlgorithms
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import MCP
internal import NIOCore
internal import PythonText
internal import Sessions

/// `/v1/sessions/{id}/files`: what a session has below `/mnt/data`, to list, fetch, put and delete.
struct FileRoutes: Sendable {
    private let files: any SessionFiles
    private let bodies: BodyReader

    /// Serves `files`, whose bodies `bodies` reads.
    init(files: any SessionFiles, bodies: BodyReader) {
        self.files = files
        self.bodies = bodies
    }

    func list(_ context: some RequestContext) async throws -> Response {
        let session = try SessionName.inPath(of: context)
        let found = try await Problem.translating { () async throws(FileError) in try await files.list(in: session) }
        guard let found else { throw SessionRoutes.noSession(session) }
        let items = found.map { ["path": .string($0.path), "bytes": .integer(Int(clamping: $0.bytes))] as JSONValue }
        return Response(json: ["files": .array(items)])
    }

    /// Answers once the first piece is there, so that a refusal is a status and not a broken body.
    func read(_ context: some RequestContext) async throws -> Response {
        let session = try SessionName.inPath(of: context)
        let path = try path(in: context)
        let pieces = AsyncChannel<[UInt8]>()
        // Ends with the transfer, or when the client reads no more: the channel is then finished.
        let transfer = Task { () async -> Result<Bool, FileError> in
            defer { pieces.finish() }
            do throws(FileError) {
                return .success(try await files.read(path, in: session) { await pieces.send($0) })
            } catch {
                return .failure(error)
            }
        }
        var iterator = pieces.makeAsyncIterator()
        guard let first = await iterator.next() else {
            let isThere = try await Problem.translating { () async throws(FileError) in try await transfer.value.get() }
            guard isThere else { throw SessionRoutes.noSession(session) }
            return FileRoutes.response(body: ResponseBody())
        }
        let body = ResponseBody { writer in
            defer {
                transfer.cancel()
                pieces.finish()
            }
            try await writer.write(ByteBuffer(bytes: first))
            for await piece in pieces { try await writer.write(ByteBuffer(bytes: piece)) }
            // Throws for a file that could not be read to its end, which breaks the body off.
            _ = try await transfer.value.get()
            try await writer.finish(nil)
        }
        return FileRoutes.response(body: body)
    }

    func write(_ request: Request, _ context: ServerContext) async throws -> Response {
        var request = request
        let session = try SessionName.inPath(of: context)
        let path = try path(in: context)
        let content = try await bodies.read(&request, context)
        let client = context.client(of: request)
        try await Problem.translating { () async throws(FileError) in
            try await files.write(path, content.bytes, in: session, client: client)
        }
        return Response(status: .noContent)
    }

    func delete(_ context: some RequestContext) async throws -> Response {
        let session = try SessionName.inPath(of: context)
        let path = try path(in: context)
        let isThere = try await Problem.translating { () async throws(FileError) in
            try await files.delete(path, in: session)
        }
        guard isThere else { throw SessionRoutes.noSession(session) }
        return Response(status: .noContent)
    }

    private func path(in context: some RequestContext) throws(Problem) -> String {
        let parts: [String?] = context.parameters.getCatchAll().map { String($0).percentDecoded }
        guard !parts.contains(nil) else { throw Problem(.badRequest, "The path in this address is not UTF-8.") }
        return parts.compactMap { $0 }.joined(separator: "/")
    }

    /// A web browser must not take the file for a page of this server.
    private static func response(body: ResponseBody) -> Response {
        var headers: HTTPFields = [.contentType: "application/octet-stream", .contentDisposition: "attachment"]
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension FileError: AnsweredError {
    var problem: Problem {
        let status: HTTPResponse.Status =
            switch reason {
            case .notFound: .notFound
            case .notRegular, .badPath, .refused: .badRequest
            case .tooLarge, .noSpace: .contentTooLarge
            case .unavailable: .serviceUnavailable
            }
        return Problem(status, description)
    }
}
