internal import ArgumentParser
internal import Harmony
internal import JSON
internal import Tokenizer

/// `harmonium parse`: what a model sampled, as messages.
struct ParseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Parse sampled tokens in the Harmony format, and print what was repaired.",
        discussion: """
            Standard input holds token ids, or text with control tokens as they are written. It begins in the \
            assistant's header, unless it begins with <|start|>.

              echo '<|channel|>analysis to=python code<|message|>1+1<|call|>' | harmonium parse
            """
    )

    @Flag(name: .long, help: "Fail where the reference library fails, instead of repairing.")
    var strict = false

    @Option(name: .long, help: "With --strict, the reference library: openai or oss.")
    var flavor = FlavorName.openai

    @Flag(name: .long, help: "Print JSON: {messages, repairs}.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let encoding = try await common.encoding()
        let ids = try ids(encoding)
        let role: Role? = ids.first == SpecialToken.start.id ? nil : .assistant
        let (messages, repairs) =
            strict ? (try strictly(ids, as: role, encoding), []) : leniently(ids, as: role, encoding)
        if json {
            return print(
                json: [
                    "messages": .array(messages.map(\.json)), "repairs": .array(repairs.map { .string($0) }),
                ]
            )
        }
        for message in messages { show(message) }
        for repair in repairs { print(Terminal.faint("repaired: \(Terminal.shown(repair))")) }
    }

    /// Ids if there is nothing but numbers and what stands between them.
    private func ids(_ encoding: Encoding) throws -> [UInt32] {
        let input = Terminal.input(nil)
        let separators = Array(" \t\r\n,[]".utf8)
        let isNumbers = input.allSatisfy { (48...57).contains($0) || separators.contains($0) }
        guard !isNumbers else { return try Terminal.ids(in: input) }
        var text = String(decoding: input, as: UTF8.self)
        // The line break that `echo` puts after a control token is not the model's.
        if text.hasSuffix("|>\n") { text.removeLast() }
        return encoding.encodeWithSpecialTokens(text)
    }

    private func strictly(_ ids: [UInt32], as role: Role?, _ encoding: Encoding) throws -> [Message] {
        var parser = StrictParser(encoding: encoding, role: role, flavor: flavor.flavor)
        do throws(HarmonyError) {
            for id in ids { try parser.process(id) }
            try parser.finish()
        } catch {
            Terminal.note("harmonium: \(error)")
            throw ExitCode(1)
        }
        return parser.messages
    }

    private func leniently(_ ids: [UInt32], as role: Role?, _ encoding: Encoding) -> ([Message], [String]) {
        var parser = LenientParser(encoding: encoding, role: role)
        for id in ids { _ = parser.process(id) }
        _ = parser.finish()
        return (parser.messages.map(\.message), parser.diagnostics.map(\.description))
    }

    private func show(_ message: Message) {
        let parts = [
            message.name.map { "\(message.role.rawValue):\($0)" } ?? message.role.rawValue,
            message.channel.map { "on \($0)" }, message.recipient.map { "to \($0)" },
            message.contentType.map { "(\($0))" },
        ]
        print(Terminal.strong(Terminal.shown(parts.compactMap { $0 }.joined(separator: " "))))
        print(Terminal.shown(message.text))
    }
}
