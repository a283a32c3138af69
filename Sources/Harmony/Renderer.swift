public import Tokenizer

/// Turns messages into the token ids that a model reads (Harmony format, "Prompt format").
///
/// Each field of a header and each part of a content is encoded on its own, as ordinary text: no text can become a
/// control token, whatever it spells. For the same reason a prompt has to be sent as ids; an engine that tokenizes the
/// rendered text would take a tool's `<|end|>` for one.
public struct Renderer: Sendable {
    /// The vocabulary.
    public let encoding: Encoding
    /// Which library the output equals.
    public let flavor: Flavor

    /// A renderer for one vocabulary, o200k_harmony.
    public init(encoding: Encoding, flavor: Flavor = .openAI) {
        self.encoding = encoding
        self.flavor = flavor
    }

    /// One message (library, `render`).
    ///
    /// `declaringFunctions` says whether a developer's message of the conversation declares some, which the system
    /// message then mentions.
    ///
    /// - Throws: `toolWithoutName`, `misplacedSystemContent` or `misplacedDeveloperContent`.
    public func render(_ message: Message, declaringFunctions: Bool = false) throws(HarmonyError) -> RenderedMessage {
        let header = header(of: message, by: try author(of: message))
        var content: [UInt32] = []
        for part in message.content {
            content += encoding.encode(try text(of: part, in: message.role, declaringFunctions))
        }
        let isCall = message.role == .assistant && message.recipient != nil
        return RenderedMessage(header: header, content: content, end: isCall ? ControlToken.call : ControlToken.end)
    }

    /// A conversation without a next message (library, `render_conversation`).
    ///
    /// - Throws: What `render` throws.
    public func conversation(
        _ messages: [Message],
        dropping: AnalysisDropping = .beforeFirstFinal
    ) throws(HarmonyError) -> [UInt32] {
        let declaresFunctions = messages.contains(where: \.declaresFunctions)
        var ids: [UInt32] = []
        for message in dropping.remaining(of: messages) {
            ids += try render(message, declaringFunctions: declaresFunctions).ids
        }
        return ids
    }

    /// A conversation, and the start of the message that a model shall sample (library,
    /// `render_conversation_for_completion`).
    ///
    /// - Throws: What `render` throws.
    public func completion(
        of messages: [Message],
        nextRole: Role = .assistant,
        dropping: AnalysisDropping = .beforeFirstFinal
    ) throws(HarmonyError) -> [UInt32] {
        try conversation(messages, dropping: dropping) + start(of: nextRole)
    }

    /// A conversation as an example to train on (library, `render_conversation_for_training`).
    ///
    /// A last message of the assistant on `final` ends in `<|return|>`.
    ///
    /// - Throws: What `render` throws.
    public func training(
        on messages: [Message],
        dropping: AnalysisDropping = .beforeFirstFinal
    ) throws(HarmonyError) -> [UInt32] {
        var ids = try conversation(messages, dropping: dropping)
        if let last = messages.last, last.role == .assistant, last.channel == Channel.final {
            ids[ids.count - 1] = ControlToken.return
        }
        return ids
    }

    /// What ids spell, with control tokens as `<|start|>` and the like. For people; an engine gets the ids.
    public func text(of ids: [UInt32]) -> String {
        String(decoding: ids.flatMap { encoding.bytes(of: $0) ?? [] }, as: UTF8.self)
    }

    /// `<|start|>` and a role.
    func start(of role: Role) -> [UInt32] {
        [ControlToken.start] + encoding.encode(role.rawValue)
    }
}

extension Renderer {
    /// A header, whose first ids say who wrote the message.
    func header(of message: Message, by author: [UInt32]) -> [UInt32] {
        var ids = author
        let channel = message.channel.map { [ControlToken.channel] + encoding.encode($0) } ?? []
        var recipient: [UInt32] = []
        if let name = message.recipient, name != "all" { recipient = encoding.encode(" to=\(name)") }
        let isChannelFirst = flavor == .oss && message.channel == Channel.commentary
        ids += isChannelFirst ? channel + recipient : recipient + channel
        if let type = message.contentType { ids += contentType(type) }
        return ids + [ControlToken.message]
    }

    private func author(of message: Message) throws(HarmonyError) -> [UInt32] {
        guard message.role == .tool else {
            let name = message.name.map { encoding.encode(":\($0)") } ?? []
            return start(of: message.role) + name
        }
        guard let name = message.name else { throw HarmonyError(.toolWithoutName) }
        return author(named: name)
    }

    /// `<|start|>` and a tool's name.
    func author(named name: String) -> [UInt32] {
        [ControlToken.start] + encoding.encode(name)
    }

    private func contentType(_ type: String) -> [UInt32] {
        let spelling = ControlToken.constrainSpelling.unicodeScalars
        if type.unicodeScalars.starts(with: spelling) {
            let format = String(type.unicodeScalars.dropFirst(spelling.count))
            return encoding.encode(" ") + [ControlToken.constrain] + encoding.encode(format)
        }
        switch flavor {
        case .openAI: return encoding.encode(" \(type)")
        case .oss: return encoding.encode(" ") + [ControlToken.constrain] + encoding.encode(type)
        }
    }

    private func text(of part: Content, in role: Role, _ declaringFunctions: Bool) throws(HarmonyError) -> String {
        let typeScript = TypeScript(flavor: flavor)
        switch part {
        case .text(let text): return text
        case .system(let content):
            guard role == .system else { throw HarmonyError(.misplacedSystemContent(role)) }
            return content.text(declaringFunctions: declaringFunctions, as: typeScript)
        case .developer(let content):
            guard role == .developer else { throw HarmonyError(.misplacedDeveloperContent(role)) }
            return content.text(as: typeScript)
        }
    }
}

extension Message {
    /// Whether a part of it declares functions.
    var declaresFunctions: Bool {
        content.contains { part in
            if case .developer(let content) = part { content.declaresFunctions } else { false }
        }
    }

    /// Whether its text depends on the functions that a developer declares.
    var mentionsFunctions: Bool {
        content.contains { part in
            if case .system(let content) = part { content.mentionsFunctions } else { false }
        }
    }
}
