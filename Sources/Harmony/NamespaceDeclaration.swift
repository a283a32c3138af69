public import JSON

/// Tools under one name, as a prompt declares them to the model (Harmony format, "Function calling" and "Built-in tools").
public struct NamespaceDeclaration: Sendable, Hashable {
    /// What stands before the point in a recipient, such as `browser`.
    public var name: String
    /// What the namespace is for: comment lines where there are tools, plain text where there are none.
    public var description: String?
    /// The tools in order; none where the recipient is the namespace itself, as with `python`.
    public var tools: [ToolDeclaration]

    /// A namespace with these tools.
    public init(name: String, description: String? = nil, tools: [ToolDeclaration] = []) {
        self.name = name
        self.description = description
        self.tools = tools
    }

    /// The developer's functions: `functions`, without a description.
    public static func functions(_ tools: [ToolDeclaration]) -> NamespaceDeclaration {
        NamespaceDeclaration(name: "functions", tools: tools)
    }
}

/// One tool, as a prompt declares it.
public struct ToolDeclaration: Sendable, Hashable {
    /// What stands after the point in a recipient.
    public var name: String
    /// What it does; its lines become comments.
    public var description: String
    /// The JSON schema of its arguments, in the order in which the model shall read it; nil for none.
    public var parameters: JSONValue?

    /// A tool with these parameters.
    public init(name: String, description: String, parameters: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
