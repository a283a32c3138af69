import Foundation
import Testing
import Tokenizer

/// What is recorded outside the repository, in the folder that `HARMONIUM_SHARED` names.
enum Shared {
    private static let folder = URL(
        filePath: ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared",
        relativeTo: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../")
    )

    private static let text = folder.appending(path: "vocab/o200k_base.tiktoken")

    /// The official text of the vocabulary is there, without which nothing can be encoded.
    static var hasVocabulary: Bool { (try? text.checkResourceIsReachable()) == true }

    static let reason: Comment = "HARMONIUM_SHARED, by default ../shared, holds no vocab/o200k_base.tiktoken"

    /// The official text.
    static func vocabularyText() throws -> [UInt8] {
        try Array(Data(contentsOf: text))
    }

    /// The encoding, with a vocabulary that is made once a run.
    static func encoding() throws -> Encoding {
        try installed.get()
    }

    private static let installed = Result(catching: install)

    private static func install() throws -> Encoding {
        let text = try vocabularyText()
        return try TemporaryFile.with { path in
            try Vocabulary.install(text: text.span, at: path)
            return Encoding(try Vocabulary(path))
        }
    }

    /// The recorded cases in a file.
    static func cases<Case: Decodable>(_ path: String, of type: Case.Type) throws -> [Case] {
        try object(path, of: [Case].self)
    }

    /// What a file has recorded.
    static func object<Object: Decodable>(_ path: String, of type: Object.Type) throws -> Object {
        try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: path)))
    }
}

/// Files for one test each.
enum TemporaryFile {
    /// Lends the path of a file that is not there yet, and removes it.
    static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vocabulary")
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path(percentEncoded: false))
    }
}
