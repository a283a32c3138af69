/// What a developer message says (Harmony format, "Developer message format").
public struct DeveloperContent: Sendable, Hashable {
    /// What other interfaces call the system prompt.
    public var instructions: String?
    /// The developer's tools, by the key that orders them; nil and empty are the same.
    public var tools: [String: NamespaceDeclaration]?

    /// Instructions and tools.
    public init(instructions: String? = nil, tools: [String: NamespaceDeclaration]? = nil) {
        self.instructions = instructions
        self.tools = tools
    }
}

extension DeveloperContent {
    /// The text of the message.
    func text(as typeScript: TypeScript) -> String {
        var sections: [String] = []
        if let instructions { sections += ["# Instructions", instructions] }
        if let tools, !tools.isEmpty { sections.append(typeScript.section(declaring: tools)) }
        return sections.joined(separator: "\n\n")
    }

    /// Whether it declares functions, which the system message then mentions.
    var declaresFunctions: Bool { tools?["functions"]?.tools.isEmpty == false }
}
