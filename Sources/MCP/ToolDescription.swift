public import JSON

/// What a client and the model learn about a tool before they call it.
public struct ToolDescription: Sendable {
    /// What a tool does to the world, for hosts that ask before they let it; nil says nothing.
    public struct Hints: Sendable, Equatable {
        /// It changes nothing.
        public var isReadOnly: Bool?
        /// It may destroy what was there.
        public var isDestructive: Bool?
        /// Calling it again with the same arguments changes nothing more.
        public var isIdempotent: Bool?
        /// It touches things outside of our control, such as the web.
        public var isOpenWorld: Bool?

        /// Says what is known.
        public init(
            isReadOnly: Bool? = nil,
            isDestructive: Bool? = nil,
            isIdempotent: Bool? = nil,
            isOpenWorld: Bool? = nil
        ) {
            self.isReadOnly = isReadOnly
            self.isDestructive = isDestructive
            self.isIdempotent = isIdempotent
            self.isOpenWorld = isOpenWorld
        }
    }

    /// The name to call it by, out of `[A-Za-z0-9_.-]`, at most 128 long.
    public let name: String
    /// A name for people.
    public let title: String?
    /// The description for the model; may have several lines.
    public let description: String
    /// The JSON schema of the arguments, an object's.
    ///
    /// vLLM reads only `type`, `properties`, `required`, `items.type`, `enum`, `default` and one-line descriptions.
    public let inputSchema: JSONValue
    /// What it does to the world.
    public let hints: Hints
    /// Whether the model is not shown the tool, because it was trained to know it.
    public let isHiddenFromPrompt: Bool
    /// The argument that the text of a call in Harmony is, where models were trained to write that alone, as with `python`;
    /// nil where the text is a JSON object of arguments.
    public let textArgument: String?

    /// Describes a tool; without a schema it takes no arguments.
    public init(
        name: String,
        title: String? = nil,
        description: String,
        inputSchema: JSONValue = ["type": "object", "properties": [:]],
        hints: Hints = Hints(),
        isHiddenFromPrompt: Bool = false,
        textArgument: String? = nil
    ) {
        precondition(!name.isEmpty && name.utf8.count <= 128, "a tool name of \(name.utf8.count) bytes")
        precondition(inputSchema["type"] == "object", "the input schema of \(name) is not an object's")
        self.name = name
        self.title = title
        self.description = description
        self.inputSchema = inputSchema
        self.hints = hints
        self.isHiddenFromPrompt = isHiddenFromPrompt
        self.textArgument = textArgument
    }
}
extension ToolDescription {
    /// The tool as `tools/list` shows it.
    ///
    /// Clients differ in where they look for what to hide from the prompt, so both places say it.
    var json: JSONValue {
        var annotations: JSONObject = [:]
        annotations["readOnlyHint"] = hints.isReadOnly.map(JSONValue.bool)
        annotations["destructiveHint"] = hints.isDestructive.map(JSONValue.bool)
        annotations["idempotentHint"] = hints.isIdempotent.map(JSONValue.bool)
        annotations["openWorldHint"] = hints.isOpenWorld.map(JSONValue.bool)
        if isHiddenFromPrompt { annotations[MetaKey.isInPrompt] = false }

        var tool: JSONObject = [
            "name": .string(name), "description": .string(description), "inputSchema": inputSchema,
        ]
        tool["title"] = title.map(JSONValue.string)
        if !annotations.isEmpty { tool["annotations"] = .object(annotations) }
        if isHiddenFromPrompt { tool["_meta"] = [MetaKey.isInPrompt: false] }
        return .object(tool)
    }
}
