public import JSON

extension Message {
    /// Reads a message as the reference library's `to_dict` writes it; `content` may be one text.
    ///
    /// Unknown members are ignored.
    /// - Throws: `malformedMessage`.
    public init(json: JSONValue) throws(HarmonyError) {
        guard json.object != nil else { throw HarmonyError(.malformedMessage("no object")) }
        let roleName = try json.text("role")
        guard let role = roleName.flatMap(Role.init) else {
            throw HarmonyError(.malformedMessage("role \(roleName ?? "missing")"))
        }
        self.init(
            role: role,
            name: try json.text("name"),
            recipient: try json.text("recipient"),
            channel: try json.text("channel"),
            contentType: try json.text("content_type"),
            content: try Self.content(json["content"])
        )
    }

    private static func content(_ json: JSONValue?) throws(HarmonyError) -> [Content] {
        if let text = json?.string { return [.text(text)] }
        guard let parts = json?.array else {
            throw HarmonyError(.malformedMessage("content is neither text nor parts"))
        }
        var content: [Content] = []
        for part in parts { content.append(try Content(json: part)) }
        return content
    }

    /// The message as the reference library's `to_dict` writes it, with one text in place of a single text part.
    public var json: JSONValue {
        let fields: [(String, JSONValue?)] = [
            ("role", .string(role.rawValue)), ("name", name.map { .string($0) }),
            ("recipient", recipient.map { .string($0) }), ("content", contentJSON),
            ("channel", channel.map { .string($0) }), ("content_type", contentType.map { .string($0) }),
        ]
        return .object(JSONObject(fields.compactMap { field in field.1.map { JSONObject.Member(field.0, $0) } }))
    }

    private var contentJSON: JSONValue {
        if content.count == 1, case .text(let text) = content[0] { return .string(text) }
        return .array(content.map(\.json))
    }
}

extension Content {
    fileprivate init(json: JSONValue) throws(HarmonyError) {
        switch try json.text("type") {
        case "text":
            guard let text = try json.text("text") else { throw HarmonyError(.malformedMessage("a part without text")) }
            self = .text(text)
        case "system_content": self = .system(try SystemContent(json: json))
        case "developer_content":
            self = .developer(
                DeveloperContent(instructions: try json.text("instructions"), tools: try json.namespaces())
            )
        default: throw HarmonyError(.malformedMessage("a part of unknown type"))
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .system(let content): content.json
        case .developer(let content):
            [
                "type": "developer_content", "instructions": .optional(content.instructions),
                "tools": .optional(content.tools),
            ]
        }
    }
}

extension SystemContent {
    fileprivate init(json: JSONValue) throws(HarmonyError) {
        let effortName = try json.text("reasoning_effort")
        let effort = effortName.flatMap(ReasoningEffort.init)
        guard (effort == nil) == (effortName == nil) else {
            throw HarmonyError(.malformedMessage("an unknown reasoning effort"))
        }
        self.init(
            modelIdentity: try json.text("model_identity"),
            reasoningEffort: effort,
            tools: try json.namespaces(),
            conversationStartDate: try json.text("conversation_start_date"),
            knowledgeCutoff: try json.text("knowledge_cutoff"),
            channels: json["channel_config"]?.object.map { _ in
                let config = json["channel_config"]
                return ChannelConfiguration(
                    validChannels: config?["valid_channels"]?.array?.compactMap(\.string) ?? [],
                    isRequired: config?["channel_required"]?.bool ?? false
                )
            }
        )
    }

    fileprivate var json: JSONValue {
        [
            "type": "system_content", "model_identity": .optional(modelIdentity),
            "reasoning_effort": .optional(reasoningEffort?.rawValue), "tools": .optional(tools),
            "conversation_start_date": .optional(conversationStartDate),
            "knowledge_cutoff": .optional(knowledgeCutoff),
            "channel_config": channels.map { channels in
                [
                    "valid_channels": .array(channels.validChannels.map { .string($0) }),
                    "channel_required": .bool(channels.isRequired),
                ]
            } ?? .null,
        ]
    }
}

extension NamespaceDeclaration {
    fileprivate init(json: JSONValue) throws(HarmonyError) {
        guard let name = try json.text("name") else {
            throw HarmonyError(.malformedMessage("a namespace without name"))
        }
        var tools: [ToolDeclaration] = []
        for tool in json["tools"]?.array ?? [] {
            guard let name = try tool.text("name") else { throw HarmonyError(.malformedMessage("a tool without name")) }
            let parameters = tool["parameters"].flatMap { $0 == .null ? nil : $0 }
            tools.append(
                ToolDeclaration(name: name, description: try tool.text("description") ?? "", parameters: parameters)
            )
        }
        self.init(name: name, description: try json.text("description"), tools: tools)
    }

    fileprivate var json: JSONValue {
        let tools: [JSONValue] = tools.map { tool in
            [
                "name": .string(tool.name), "description": .string(tool.description),
                "parameters": tool.parameters ?? .null,
            ]
        }
        return ["name": .string(name), "description": .optional(description), "tools": .array(tools)]
    }
}

extension JSONValue {
    /// The text of a member; nil where it is missing or `null`.
    fileprivate func text(_ name: String) throws(HarmonyError) -> String? {
        switch self[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw HarmonyError(.malformedMessage("\(name) is no text"))
        }
    }

    fileprivate func namespaces() throws(HarmonyError) -> [String: NamespaceDeclaration]? {
        guard let members = self["tools"]?.object else { return nil }
        var namespaces: [String: NamespaceDeclaration] = [:]
        for member in members { namespaces[member.name] = try NamespaceDeclaration(json: member.value) }
        return namespaces
    }

    fileprivate static func optional(_ text: String?) -> JSONValue {
        text.map { .string($0) } ?? .null
    }

    fileprivate static func optional(_ namespaces: [String: NamespaceDeclaration]?) -> JSONValue {
        guard let namespaces else { return .null }
        let ordered = namespaces.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .object(JSONObject(ordered.map { JSONObject.Member($0.key, $0.value.json) }))
    }
}
