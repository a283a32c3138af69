internal import Harmony
internal import JSON

/// A conversation up to the turn that a response begins with.
struct Conversation: Sendable {
    /// What a response leaves for the one that continues it.
    struct Past: Sendable {
        /// The messages, but for those of the system and of the developer at the beginning, which each request has its own.
        var messages: [Message] = []
        /// The MCP servers whose tools the client has been shown.
        var listedLabels: Set<String> = []
        /// The recipients of functions that were called and not answered, by the ids of the calls.
        var callees: [String: String] = [:]
        /// The session of the conversation's tools, where it outlasts a response.
        var session: String?
    }

    /// All messages, those of the system and of the developer first.
    let messages: [Message]
    /// The messages without these two.
    let dialog: [Message]
    /// The MCP servers whose tools the client has been shown.
    let listedLabels: Set<String>

    /// - Parameters:
    ///   - past: What came before the request.
    ///   - today: The date, as in `2026-01-31`.
    init(
        _ request: ResponseRequest,
        after past: Past,
        tools: ToolPlan,
        today: String
    ) throws(ResponseError) {
        var reader = InputReader(callees: past.callees, tools: tools.served)
        for (index, item) in request.input.enumerated() { try reader.read(item, at: index) }
        try reader.finish()
        dialog = past.messages + reader.messages
        guard !dialog.isEmpty || !request.isGenerating else {
            throw .invalid("input", "There is no message in `input`.")
        }
        listedLabels = past.listedLabels.union(reader.listedLabels)
        let system = SystemContent(
            reasoningEffort: request.effort ?? .medium,
            tools: tools.builtIn,
            conversationStartDate: today
        )
        let instructions = ([request.instructions].compactMap(\.self) + reader.instructions + [request.format])
            .compactMap(\.self)
        let developer = DeveloperContent(
            instructions: instructions.isEmpty ? nil : instructions.joined(separator: "\n\n"),
            tools: tools.functions.isEmpty ? nil : ["functions": .functions(tools.functions)]
        )
        let isSilent = developer.instructions == nil && developer.tools == nil
        messages = [Message(system: system)] + (isSilent ? [] : [Message(developer: developer)]) + dialog
    }
}

extension Conversation {
    /// The conversation with other messages after those of the system and of the developer.
    func with(dialog: [Message]) -> Conversation {
        Conversation(head: Array(messages.dropLast(self.dialog.count)), dialog: dialog, listedLabels: listedLabels)
    }

    private init(head: [Message], dialog: [Message], listedLabels: Set<String>) {
        messages = head + dialog
        self.dialog = dialog
        self.listedLabels = listedLabels
    }
}

extension ResponseRequest {
    /// The schema that the answer has to follow, as a developer tells it the model (Harmony format, "Structured output").
    fileprivate var format: String? {
        guard let format = body["text"]?["format"], format["type"] == "json_schema", let schema = format["schema"]
        else {
            return nil
        }
        let description = format["description"]?.string.map { "// \($0)\n" } ?? ""
        return "# Response Formats\n\n## \(format["name"]?.string ?? "answer")\n\n\(description)\(schema)"
    }
}
