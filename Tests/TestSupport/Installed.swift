import Foundation
public import Tokenizer

/// The vocabulary that set-up has put beside the programs.
public enum Installed: Sendable {
    private static let path = Goldens.package.appending(path: ".build/share/harmonium/o200k.vocabulary").path
    private static let opened = Result { Encoding(try Vocabulary(path)) }

    /// Whether it is there; `scripts/vocabulary` puts it there.
    public static var hasVocabulary: Bool { FileManager.default.isReadableFile(atPath: path) }

    /// Its encoding; throws where it is not there or damaged.
    public static func encoding() throws -> Encoding { try opened.get() }
}
