/// The tokens of o200k_harmony, in a file that all processes share.
///
/// The file is made once, by `install(text:at:)`, from the official text of the vocabulary; opening it takes some
/// milliseconds and no memory of the process's own. A vocabulary is immutable and can be used by many tasks at once.
public final class Vocabulary: Sendable {
    /// The SHA-256 of the official text, `o200k_base.tiktoken`, in hexadecimal.
    public static let officialDigest = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

    /// The name of the file, in whatever folder it is.
    public static let fileName = "o200k.vocabulary"

    /// How many tokens there are; their ids are smaller. Special tokens are not counted.
    public var tokenCount: Int { tables.tokenCount }

    let tables: VocabularyTables
    private let file: MappedFile

    /// More than any file has; a file that is larger is not a vocabulary.
    private static let fileBytesMax = 1 << 28

    /// Opens the file that `install(text:at:)` has written.
    ///
    /// All of it is read and checked once; a file that is cut short, damaged or something else is an error.
    ///
    /// - Throws: `TokenizerError`.
    public init(_ path: String) throws(TokenizerError) {
        file = try MappedFile(path, bytesMax: Self.fileBytesMax)
        do throws(TokenizerError) {
            tables = try file.withWords { words throws(TokenizerError) in
                let tables = try VocabularyHeader.tables(words)
                try tables.validate(words)
                return tables
            }
        } catch {
            throw TokenizerError(error.code, "\(path): \(error.description)")
        }
    }

    /// Lends the words of the file.
    @inline(__always)
    func withWords<Result, Failure: Error>(
        _ body: (Span<UInt32>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try file.withWords(body)
    }
}
