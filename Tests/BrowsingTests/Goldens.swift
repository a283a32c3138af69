import Foundation
import Synchronization
import Tokenizer

/// The recorded sessions and units of the reference, and the vocabulary that they count with.
enum Goldens {
    private static var shared: URL {
        URL(filePath: ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared")
    }

    static var folder: URL { shared.appending(path: "goldens/browser") }
    private static var vocabularyText: URL { shared.appending(path: "vocab/o200k_base.tiktoken") }

    static var areThere: Bool {
        [folder.appending(path: "units.json"), vocabularyText].allSatisfy {
            FileManager.default.fileExists(atPath: $0.path(percentEncoded: false))
        }
    }

    private static let opened = Mutex<Encoding?>(nil)

    /// Made once, in a file that is gone as soon as it is open.
    static func encoding() throws -> Encoding {
        try opened.withLock { opened in
            if let opened { return opened }
            let file = FileManager.default.temporaryDirectory.appending(path: "vocabulary-\(UUID().uuidString)")
            let path = file.path(percentEncoded: false)
            let text = [UInt8](try Data(contentsOf: vocabularyText))
            try Vocabulary.install(text: text.span, at: path)
            defer { try? FileManager.default.removeItem(at: file) }
            let encoding = Encoding(try Vocabulary(path))
            opened = encoding
            return encoding
        }
    }

    static func units() throws -> GoldenUnits {
        try JSONDecoder().decode(GoldenUnits.self, from: Data(contentsOf: folder.appending(path: "units.json")))
    }
}

struct GoldenUnits: Decodable {
    struct Wrap: Decodable {
        let text: String
        let lines: [String]
    }

    struct Window: Decodable {
        let text: String
        let loc: Int
        let num_lines: Int
        let view_tokens: Int
        let total_lines: Int
        let end_loc: Int
    }

    struct Mapping: Decodable {
        let `in`: String
        let out: String
    }

    struct Citation: Decodable {
        let page_stack: [String]
        let `in`: String
        let hide_partial: Bool
        let out: String
        let annotations: [Annotation]
        let has_partial: Bool
    }

    struct Annotation: Decodable {
        let start_index: Int
        let end_index: Int
        let title: String
        let url: String
    }

    struct TokenLengths: Decodable {
        let n_vocab: Int
        let sum: Int
        let samples: [String: Int]
    }

    let wrap: [Wrap]
    let window: [Window]
    let strip_links: [Mapping]
    let citations: [Citation]
    let token_lengths: TokenLengths
}
