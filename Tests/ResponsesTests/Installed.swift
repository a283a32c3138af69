import Foundation
import Tokenizer

/// The vocabulary that set-up has put beside the programs.
enum Installed {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/share/harmonium/o200k.vocabulary").path

    static var hasVocabulary: Bool { FileManager.default.isReadableFile(atPath: path) }

    static func encoding() throws -> Encoding { Encoding(try Vocabulary(path)) }
}
