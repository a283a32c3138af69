internal import ArgumentParser
internal import Foundation
internal import Harmony
internal import JSON
internal import Tokenizer

/// `harmonium render FILE`: a conversation as the text and the tokens that a model is given.
struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render a conversation in the Harmony format.",
        discussion: """
            The file holds {"messages": [...]} or the array alone, each message as openai-harmony writes it: \
            {"role", "content", "channel", "recipient", "name", "content_type"}.
            """
    )

    /// What the conversation is rendered for.
    enum Purpose: String, ExpressibleByArgument, CaseIterable {
        case conversation, completion, training
    }

    @Argument(help: "The conversation, or - to read it from standard input.")
    var file: String

    @Option(name: .long, help: "The purpose: conversation; completion, which lets the assistant continue; or training.")
    var purpose = Purpose.completion

    @Option(name: .long, help: "The reference library: openai or oss.")
    var flavor = FlavorName.openai

    @Flag(name: .long, help: "Print the token IDs instead of the text.")
    var ids = false

    @Flag(name: .long, help: "Print JSON: {text, token_ids}.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let renderer = Renderer(encoding: try await common.encoding(), flavor: flavor.flavor)
        let messages = try messages()
        let rendered: [UInt32]
        do throws(HarmonyError) {
            rendered =
                switch purpose {
                case .conversation: try renderer.conversation(messages)
                case .completion: try renderer.completion(of: messages, nextRole: .assistant)
                case .training: try renderer.training(on: messages)
                }
        } catch {
            throw ValidationError("\(file) cannot be rendered: \(error)")
        }
        if json {
            let numbers = rendered.map { JSONValue.integer(Int($0)) }
            return print(json: ["text": .string(renderer.text(of: rendered)), "token_ids": .array(numbers)])
        }
        if ids { return print(rendered.map(String.init).joined(separator: " ")) }
        print(rendered.map { show($0, renderer.encoding) }.joined(), terminator: Terminal.isColored ? "\n" : "")
    }

    private func show(_ id: UInt32, _ encoding: Encoding) -> String {
        let text = Terminal.shown(encoding.text(of: id))
        return SpecialToken(id: id) == nil ? text : Terminal.strong(text)
    }

    private func messages() throws -> [Message] {
        let bytes: [UInt8]
        do {
            bytes = file == "-" ? Terminal.input(nil) : Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw ValidationError("\(file) cannot be read: \(error.localizedDescription)")
        }
        do {
            let json = try JSONValue(parsing: bytes, limits: .harmony)
            guard let items = (json["messages"] ?? json).array else {
                throw HarmonyError(.malformedMessage("neither an array nor an object with `messages`"))
            }
            var messages: [Message] = []
            for item in items { messages.append(try Message(json: item)) }
            return messages
        } catch {
            throw ValidationError("\(file) holds no conversation: \(error)")
        }
    }
}

/// A flavor as the command line names it.
enum FlavorName: String, ExpressibleByArgument, CaseIterable {
    case openai, oss

    var flavor: Flavor { self == .openai ? .openAI : .oss }
}
