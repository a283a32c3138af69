/// What a system message says (Harmony format, "System message format").
///
/// The sections stand in the order in which models were trained on them; what is nil is left out.
public struct SystemContent: Sendable, Hashable {
    /// How much the model should think.
    public enum ReasoningEffort: String, Sendable, Hashable, CaseIterable {
        /// Little.
        case low = "Low"
        /// The default.
        case medium = "Medium"
        /// Much.
        case high = "High"
    }

    /// Which channels there are.
    public struct ChannelConfiguration: Sendable, Hashable {
        /// Their names in order; with none, nothing is said about channels.
        public var validChannels: [String]
        /// Whether every message has to name one.
        public var isRequired: Bool

        /// Channels by name; the three that models know by default.
        public init(validChannels: [String] = ["analysis", "commentary", "final"], isRequired: Bool = true) {
            self.validChannels = validChannels
            self.isRequired = isRequired
        }
    }

    /// The sentence that says what the model is.
    public var modelIdentity: String?
    /// How much to think.
    public var reasoningEffort: ReasoningEffort?
    /// The built-in tools, by the key that orders them; nil and empty are the same.
    public var tools: [String: NamespaceDeclaration]?
    /// The date of today, such as `2025-06-28`.
    public var conversationStartDate: String?
    /// Until when the model knows the world, such as `2024-06`.
    public var knowledgeCutoff: String?
    /// The channels.
    public var channels: ChannelConfiguration?

    /// What the model was trained on by default (library, `SystemContent::default`).
    public init(
        modelIdentity: String? = "You are ChatGPT, a large language model trained by OpenAI.",
        reasoningEffort: ReasoningEffort? = .medium,
        tools: [String: NamespaceDeclaration]? = nil,
        conversationStartDate: String? = nil,
        knowledgeCutoff: String? = "2024-06",
        channels: ChannelConfiguration? = ChannelConfiguration()
    ) {
        self.modelIdentity = modelIdentity
        self.reasoningEffort = reasoningEffort
        self.tools = tools
        self.conversationStartDate = conversationStartDate
        self.knowledgeCutoff = knowledgeCutoff
        self.channels = channels
    }
}

extension SystemContent {
    /// The text of the message, with the line about functions where a developer declares some.
    func text(declaringFunctions: Bool, as typeScript: TypeScript) -> String {
        var sections: [String] = []
        let about = [
            modelIdentity,
            knowledgeCutoff.map { "Knowledge cutoff: \($0)" },
            conversationStartDate.map { "Current date: \($0)" },
        ].compactMap(\.self)
        if !about.isEmpty { sections.append(about.joined(separator: "\n")) }
        if let reasoningEffort { sections.append("Reasoning: \(reasoningEffort.rawValue.lowercased())") }
        if let tools, !tools.isEmpty { sections.append(typeScript.section(declaring: tools)) }
        if let channels, !channels.validChannels.isEmpty {
            sections.append(channels.text(declaringFunctions: declaringFunctions))
        }
        return sections.joined(separator: "\n\n")
    }

    /// Whether the text depends on the functions that a developer declares.
    var mentionsFunctions: Bool { channels?.validChannels.isEmpty == false }
}

extension SystemContent.ChannelConfiguration {
    fileprivate func text(declaringFunctions: Bool) -> String {
        var text = "# Valid channels: \(validChannels.joined(separator: ", "))."
        if isRequired { text += " Channel must be included for every message." }
        if declaringFunctions {
            text += "\nCalls to these tools must go to the commentary channel: 'functions'."
        }
        return text
    }
}
