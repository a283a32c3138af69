internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Tokenizer

/// `harmonium tokens`: text as tokens and back, as a person or a script would look at them.
struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Encode, decode and count tokens of o200k_harmony.",
        subcommands: [Encode.self, Decode.self, Count.self]
    )

    struct Encode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the token IDs of a text; on a terminal, each token on a line."
        )

        @Argument(help: "The text; without it, or with -, it is read from standard input.")
        var text: String?

        @Flag(name: .long, help: "Encode <|start|> and the like as special tokens.")
        var special = false

        @Flag(name: .long, help: "Print JSON: an array of {id, text}.")
        var json = false

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let encoding = try await common.encoding()
            let text = Terminal.input(text)
            let ids =
                special
                ? encoding.encodeWithSpecialTokens(String(decoding: text, as: UTF8.self)) : encoding.encode(text.span)
            if json {
                return print(
                    json: .array(ids.map { ["id": .integer(Int($0)), "text": .string(encoding.text(of: $0))] })
                )
            }
            guard Terminal.isColored else { return print(ids.map(String.init).joined(separator: " ")) }
            for id in ids { print("\(Terminal.faint(String(id))) \(encoding.text(of: id).debugDescription)") }
        }
    }

    struct Decode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the text of token IDs.")

        @Argument(
            help: "The IDs, with anything but digits between them; without any, they are read from standard input."
        )
        var ids: [String] = []

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let encoding = try await common.encoding()
            let ids = try Terminal.ids(ids)
            var bytes: [UInt8] = []
            for id in ids {
                guard let token = encoding.bytes(of: id) ?? SpecialToken(id: id).map({ Array($0.text.utf8) }) else {
                    throw ValidationError("there is no token \(id)")
                }
                bytes += token
            }
            Terminal.write(bytes: bytes + (Terminal.isColored ? [10] : []))
        }
    }

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print how many tokens a text has.")

        @Argument(help: "The text; without it, or with -, it is read from standard input.")
        var text: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            print(try await common.encoding().count(Terminal.input(text).span))
        }
    }
}

extension Encoding {
    /// A token as text, as far as it is one; a control token as it is written.
    func text(of id: UInt32) -> String {
        SpecialToken(id: id)?.text ?? String(decoding: bytes(of: id) ?? [], as: UTF8.self)
    }
}
