/// The files that a patch changes.
public protocol PatchFiles {
    /// All of a regular file of at most `bytesMax` bytes; nil where there is nothing.
    func read(_ path: String, bytesMax: Int) throws(PatchError) -> [UInt8]?

    /// Whether there is a file that can be removed, or a link.
    func hasFile(_ path: String) -> Bool

    /// Carries out all changes, or none of them.
    ///
    /// - Throws: `fileSystem`, with the path and the reason.
    func apply(_ changes: [FileChange]) throws(PatchError)
}

/// What becomes of one file; no other change of the same patch is about it.
public struct FileChange: Equatable, Sendable {
    /// The file, by the name that the patch has for it.
    public let path: String
    /// The new content; nil removes the file.
    public let content: [UInt8]?
    /// The file whose permissions a new file takes; nil for the usual ones.
    public let modelPath: String?

    /// A change of one file.
    public init(path: String, content: [UInt8]?, modelPath: String? = nil) {
        self.path = path
        self.content = content
        self.modelPath = modelPath
    }
}
