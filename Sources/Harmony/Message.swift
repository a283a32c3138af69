/// One message of a conversation (Harmony format, "Message format").
public struct Message: Sendable, Hashable {
    /// Who wrote it.
    public var role: Role
    /// The author's name: of a tool, its full name such as `browser.search`; seldom set for others.
    public var name: String?
    /// Whom it is for: of a call the tool, of a tool's answer `assistant`; nil and `all` are everybody.
    public var recipient: String?
    /// `analysis`, `commentary` or `final`; a model can come up with others.
    public var channel: String?
    /// What the content is, such as `<|constrain|>json` or `code`.
    public var contentType: String?
    /// Its parts. Each part is tokenized on its own, so two parts are not one part with both texts.
    public var content: [Content]

    /// A message with these parts.
    public init(
        role: Role,
        name: String? = nil,
        recipient: String? = nil,
        channel: String? = nil,
        contentType: String? = nil,
        content: [Content]
    ) {
        self.role = role
        self.name = name
        self.recipient = recipient
        self.channel = channel
        self.contentType = contentType
        self.content = content
    }

    /// A message of one text.
    public init(
        role: Role,
        name: String? = nil,
        recipient: String? = nil,
        channel: String? = nil,
        contentType: String? = nil,
        text: String
    ) {
        self.init(
            role: role,
            name: name,
            recipient: recipient,
            channel: channel,
            contentType: contentType,
            content: [.text(text)]
        )
    }

    /// A system message.
    public init(system content: SystemContent) {
        self.init(role: .system, content: [.system(content)])
    }

    /// A developer message.
    public init(developer content: DeveloperContent) {
        self.init(role: .developer, content: [.developer(content)])
    }

    /// The text parts, one after the other.
    public var text: String {
        var text = ""
        for case .text(let part) in content { text += part }
        return text
    }
}

/// A part of a message.
public enum Content: Sendable, Hashable {
    /// Text, rendered as it is; no part of it can become a control token.
    case text(String)
    /// What the model is; only in messages of the system.
    case system(SystemContent)
    /// What it should do; only in messages of the developer.
    case developer(DeveloperContent)
}

/// The channels that models were trained on (Harmony format, "Channels").
enum Channel {
    static let analysis = "analysis"
    static let commentary = "commentary"
    static let final = "final"
}
