internal import ArgumentParser
internal import Foundation
internal import Tokenizer

/// `harmonium vocabulary`: the tokens of the gpt-oss models.
struct VocabularyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vocabulary",
        abstract: "Install the vocabulary of o200k_harmony, and print where it is.",
        subcommands: [Install.self, Show.self, OfficialText.self],
        defaultSubcommand: Show.self
    )

    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install the vocabulary: once for a machine or a user.",
            discussion: """
                The official text, o200k_base.tiktoken, is taken from --from; else from the folder that \
                TIKTOKEN_ENCODINGS_BASE names; else out of the Python package oss-harmony, by pip; else from its official \
                address. It is trusted for its SHA-256 alone, from wherever it comes.
                """
        )

        @Option(name: .long, help: "The official text, o200k_base.tiktoken.")
        var from: String?

        @Option(name: .long, help: "The file to make; for root below /var/lib/harmonium, else below ~/.local/share.")
        var at: String?

        func run() async throws {
            let places = Vocabulary.usualPaths { ProcessInfo.processInfo.environment[$0] }
            // The daemon gives up being root, and could not read what is in root's home.
            let usual = geteuid() == 0 ? places.first { $0.hasPrefix("/var/lib/") } : places.first
            guard let place = at ?? usual else { throw ValidationError("where to? There is no HOME: use --at FILE") }
            if at == nil, (try? Vocabulary(place)) != nil { return print("\(place) is there already") }
            let text = try await VocabularySource.officialText(from: from) { note($0) }
            do {
                let folder = URL(fileURLWithPath: place).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Vocabulary.install(text: text.span, at: place)
            } catch {
                note("harmonium: \(place) cannot be made: \(error)")
                throw ExitCode(1)
            }
            print("\(place) is installed")
        }

        private func note(_ text: String) {
            try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
        }
    }

    struct OfficialText: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "text",
            abstract: "Print the official text of the vocabulary, as `install --from` takes it."
        )

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let encoding = try await common.encoding()
            var text = Data()
            for rank in 0..<UInt32(encoding.vocabulary.tokenCount) {
                text += Data(encoding.bytes(of: rank) ?? []).base64EncodedData() + Data(" \(rank)\n".utf8)
            }
            try FileHandle.standardOutput.write(contentsOf: text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print which vocabulary is used.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let (_, installation) = try await common.prepare()
            for place in installation.vocabularyPlaces where FileManager.default.isReadableFile(atPath: place) {
                return print("\(place): \(try Vocabulary(place).tokenCount) tokens")
            }
            print("no vocabulary: \(Installation.noVocabulary)")
            throw ExitCode(1)
        }
    }
}
