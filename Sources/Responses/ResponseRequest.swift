internal import Harmony
public import JSON

/// What is posted to `/v1/responses` (OpenAI, "Create a model response").
public struct ResponseRequest: Sendable {
    /// The body as it came.
    let body: JSONObject
    /// The name of the model; nil for the one that there is.
    let model: String?
    let instructions: String?
    /// What the conversation goes on with, in order.
    let input: [JSONValue]
    /// The tools that may be called.
    let tools: [RequestedTool]
    let toolChoice: ToolChoice
    /// Whether all calls of a turn are carried out, or the first alone.
    let isParallel: Bool
    /// Whether the answer is a stream of events.
    public let isStreamed: Bool
    /// Whether the model samples; without it, the response only keeps what a later one continues.
    let isGenerating: Bool
    /// Whether the response can be asked for later, and continued.
    public let isStored: Bool
    /// The response that this one continues; nil for a new conversation.
    public let previousID: String?
    let outputTokensMax: Int?
    let toolCallsMax: Int?
    let temperature: Double?
    let topP: Double?
    let effort: SystemContent.ReasoningEffort?
    /// What the answer has to be, as an engine takes it; nil for any text.
    let guide: JSONValue?
    /// Whether the oldest turns make room where a conversation is too long.
    let isTruncated: Bool
    /// Whether the conversation is compacted where it is longer than ``compactionTokens``.
    let isCompactable: Bool
    /// From how many tokens on the conversation is compacted; nil for what is usual.
    let compactionTokens: Int?
    /// Whether all that the client wants is a compaction.
    let endsWithCompaction: Bool
    /// What `include` asks for beside what is there anyway.
    let included: Set<String>

    /// Reads a body.
    ///
    /// - Parameter served: The names of the namespaces whose tools a request can declare.
    /// - Throws: ``ResponseError`` that names what is wrong.
    public init(_ json: JSONValue, served: Set<String>) throws(ResponseError) {
        guard let body = json.object else {
            throw ResponseError(.invalidRequest, code: "invalid_json", "The body has to be a JSON object.")
        }
        let fields = RequestFields(body)
        self.body = body
        model = try fields.text("model")
        instructions = try fields.text("instructions")
        input = try Self.input(fields)
        var tools: [RequestedTool] = []
        for tool in try fields.objects("tools") ?? [] { tools.append(try RequestedTool(tool, served: served)) }
        let chosen = try ChosenTools(fields, among: tools)
        self.tools = chosen.tools
        toolChoice = chosen.choice
        isParallel = try fields.flag("parallel_tool_calls") ?? true
        isStreamed = try fields.flag("stream") ?? false
        isGenerating = try fields.flag("generate") ?? true
        isStored = try fields.flag("store") ?? true
        previousID = try fields.text("previous_response_id")
        outputTokensMax = try fields.count("max_output_tokens")
        toolCallsMax = try fields.count("max_tool_calls")
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        effort = try Self.effort(fields)
        guide = try Self.guide(fields)
        isTruncated = try Self.truncation(fields)
        let contexts = try fields.objects("context_management")?.map { $0 } ?? []
        for context in contexts where try context.requiredText("type") != "compaction" {
            throw .unsupported(context.name(of: "type"), "`\(context.name(of: "type"))` is compaction here.")
        }
        endsWithCompaction = try Self.endsWithCompaction(input)
        isCompactable = !contexts.isEmpty || endsWithCompaction
        compactionTokens = try contexts.first?.count("compact_threshold")
        included = Set(fields["include"]?.array?.compactMap(\.string) ?? [])
        try Self.refuseUnknown(fields)
    }

    private static func input(_ fields: RequestFields) throws(ResponseError) -> [JSONValue] {
        switch fields["input"] {
        case .string(let text): return [["type": "message", "role": "user", "content": .string(text)]]
        case .array(let items): return items
        default:
            throw ResponseError(
                .invalidRequest,
                code: "missing_required_parameter",
                parameter: "input",
                "`input` has to be a string or an array of items."
            )
        }
    }

    /// What other models have and gpt-oss has not is the nearest of what it has.
    private static func effort(_ fields: RequestFields) throws(ResponseError) -> SystemContent.ReasoningEffort? {
        guard let reasoning = fields["reasoning"] else { return nil }
        switch reasoning["effort"] {
        case nil, .null: return nil
        case "none", "minimal", "low": return .low
        case "medium": return .medium
        case "high", "xhigh", "max": return .high
        default:
            throw ResponseError.invalid(
                "reasoning.effort",
                "`reasoning.effort` has to be one of none, minimal, low, medium, high, xhigh and max."
            )
        }
    }

    private static func guide(_ fields: RequestFields) throws(ResponseError) -> JSONValue? {
        guard let format = fields["text"]?["format"] else { return nil }
        switch format["type"]?.string {
        case "text": return nil
        case "json_object": return ["type": "json_object"]
        case "json_schema":
            guard let schema = format["schema"], schema.object != nil else {
                throw .invalid("text.format.schema", "`text.format.schema` has to be a JSON schema, an object.")
            }
            let name = format["name"] ?? "answer"
            return ["type": "json_schema", "json_schema": ["name": name, "schema": schema]]
        default:
            throw .unsupported("text.format.type", "`text.format.type` is text, json_object or json_schema here.")
        }
    }

    private static func endsWithCompaction(_ input: [JSONValue]) throws(ResponseError) -> Bool {
        guard let index = input.firstIndex(where: { $0["type"] == "compaction_trigger" }) else { return false }
        guard index == input.count - 1 else {
            throw .invalid("input[\(index)]", "A `compaction_trigger` has to be the last item of `input`.")
        }
        return true
    }

    private static func truncation(_ fields: RequestFields) throws(ResponseError) -> Bool {
        switch fields["truncation"] {
        case nil, .string("disabled"): return false
        case .string("auto"): return true
        default: throw .invalid("truncation", "`truncation` is auto or disabled.")
        }
    }

    private static func refuseUnknown(_ fields: RequestFields) throws(ResponseError) {
        if try fields.flag("background") == true {
            throw ResponseError.unsupported("background", "Background responses are not possible here: stream it.")
        }
        if fields["conversation"] != nil {
            throw ResponseError.unsupported(
                "conversation",
                "Conversations are not kept here: go on with `previous_response_id`."
            )
        }
    }
}
