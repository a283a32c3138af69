internal import PythonText
public import Sessions

/// The files of a session as resources: `file:///mnt/data/…`.
public struct FileResources: ResourceStore {
    private let files: any SessionFiles

    private static let prefix = "file:///mnt/data/"

    /// Shows `files` to clients.
    public init(_ files: any SessionFiles) {
        self.files = files
    }

    /// The files that the session has now.
    ///
    /// - Throws: `ResourceError`, if the session has no files to list now.
    public func resources(of session: SessionKey) async throws(ResourceError) -> [Resource] {
        let found = try await explaining { () async throws(FileError) in try await files.list(in: session.session) }
        return found?.map { file in
            Resource(
                uri: FileResources.prefix + file.path.percentEncoded,
                name: file.path,
                bytes: file.bytes,
                mimeType: file.path.mimeType
            )
        } ?? []
    }

    /// All of one file.
    ///
    /// - Throws: `ResourceError`, for a URI that is not of a file here, and for a file of more than `bytesMax` bytes.
    public func read(_ uri: String, of session: SessionKey, bytesMax: Int) async throws(ResourceError) -> [UInt8] {
        guard uri.hasPrefix(FileResources.prefix),
            let path = String(uri.dropFirst(FileResources.prefix.count)).percentDecoded
        else { throw ResourceError("A resource here is file:///mnt/data/ and the path of a file, percent-encoded.") }
        let content = FileContent(bytesMax: bytesMax)
        let isThere = try await explaining { () async throws(FileError) in
            try await files.read(path, in: session.session) { await content.append($0) }
        }
        guard isThere else { throw ResourceError("This session has no files: it has not begun, or has ended.") }
        guard let bytes = await content.bytes else {
            throw ResourceError(
                "The file has more than \(bytesMax) bytes. Fetch it by HTTP, from /v1/sessions/{session}/files."
            )
        }
        return bytes
    }

    private func explaining<Value>(
        _ body: () async throws(FileError) -> Value
    ) async throws(ResourceError) -> Value {
        do throws(FileError) {
            return try await body()
        } catch {
            throw ResourceError(error.description, isTransient: error.reason == .unavailable)
        }
    }
}

/// A file's bytes as they come; nil once there are too many.
private actor FileContent {
    private(set) var bytes: [UInt8]? = []
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    func append(_ piece: [UInt8]) {
        guard let count = bytes?.count, count + piece.count <= bytesMax else { return bytes = nil }
        bytes?.append(contentsOf: piece)
    }
}
