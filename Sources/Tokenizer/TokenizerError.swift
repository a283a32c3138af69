/// What can go wrong with a vocabulary or with ids.
public struct TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// A file could not be read or written; it may not be there yet.
        case fileFailed
        /// The file is no vocabulary of this version, or was damaged: it has to be installed again.
        case invalidFile
        /// The text is not the official vocabulary.
        case foreignText
        /// The id is no token's.
        case unknownToken
    }

    /// What went wrong.
    public let code: Code
    /// What it was, the thing first: `/usr/share/harmonium/o200k.vocabulary: it was cut short`.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
