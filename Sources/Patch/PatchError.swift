/// A patch that was not applied; no file has been changed.
public struct PatchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// The text is not a patch.
        case malformed
        /// The lines that a hunk names are not in its file.
        case contextNotFound
        /// A file that has to be there is missing.
        case fileMissing
        /// The patch, or a file that it changes, is larger than ``Patch`` allows.
        case tooLarge
        /// A file could not be read or written.
        case fileSystem
    }

    /// What went wrong.
    public let code: Code
    /// What went wrong and where, for the model that wrote the patch.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
