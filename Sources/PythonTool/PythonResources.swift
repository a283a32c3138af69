internal import MCP
internal import Sandbox

/// The files of a session as resources: `file:///mnt/data/…`.
struct PythonResources: ResourceStore {
    let sandbox: Sandbox

    private static let prefix = "file:///mnt/data/"

    func resources(of session: SessionKey) async throws(ResourceError) -> [Resource] {
        try await explaining {
            try await sandbox.files(of: session.id)?.map { file in
                Resource(
                    uri: PythonResources.prefix + file.path.percentEncoded,
                    name: file.path,
                    bytes: file.bytes,
                    mimeType: file.path.mimeType
                )
            } ?? []
        }
    }

    func read(_ uri: String, of session: SessionKey, bytesMax: Int) async throws(ResourceError) -> [UInt8] {
        guard uri.hasPrefix(PythonResources.prefix),
            let path = String(uri.dropFirst(PythonResources.prefix.count)).percentDecoded
        else { throw ResourceError("A resource here is file:///mnt/data/ and the path of a file, percent-encoded.") }
        let content = Content(bytesMax: bytesMax)
        let isThere = try await explaining {
            try await sandbox.readFile(path, of: session.id) { await content.append($0) }
        }
        guard isThere else { throw ResourceError("This session has no files: it has not begun, or has ended.") }
        guard let bytes = await content.bytes else {
            throw ResourceError(
                "The file has more than \(bytesMax) bytes. Fetch it by HTTP, from /v1/sessions/{session}/files."
            )
        }
        return bytes
    }

    private func explaining<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(ResourceError) -> Value {
        do {
            return try await body()
        } catch let error as FileError {
            throw ResourceError(error.description)
        } catch {
            throw ResourceError(
                "The session's files cannot be reached now. Try again in a moment.",
                isTransient: true
            )
        }
    }

    /// A file's bytes as they come; nil once there are too many.
    private actor Content {
        private(set) var bytes: [UInt8]? = []
        private let bytesMax: Int

        init(bytesMax: Int) { self.bytesMax = bytesMax }

        func append(_ piece: [UInt8]) {
            guard let count = bytes?.count, count + piece.count <= bytesMax else { return bytes = nil }
            bytes?.append(contentsOf: piece)
        }
    }
}
