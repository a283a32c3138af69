internal import Harmony
public import JSON

/// What is posted to `/v1/responses` (OpenAI, "Create a model response").
public struct ResponseRequest: Sendable {
    /// Which tool the model has to call first.
    enum ToolChoice: Sendable, Equatable {
        case auto
        case none
        case function(String)
    }

    /// The body as it came.
    let body: JSONObject
    /// The name of the model; nil for the one that there is.
    let model: String?
    let instructions: String?
    /// What the conversation goes on with, in order.
    let input: [JSONValue]
    let tools: [RequestedTool]
    let toolChoice: ToolChoice
    /// Whether the answer is a stream of events.
    public let isStreamed: Bool
    /// Whether the response can be asked for later, and continued.
    public let isStored: Bool
    /// The response that this one continues; nil for a new conversation.
    public let previousID: String?
    let outputTokensMax: Int?
    let toolCallsMax: Int?
    let temperature: Double?
    let topP: Double?
    let effort: SystemContent.ReasoningEffort?
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
        self.tools = tools
        toolChoice = try Self.toolChoice(fields, among: tools)
        isStreamed = try fields.flag("stream") ?? false
        isStored = try fields.flag("store") ?? true
        previousID = try fields.text("previous_response_id")
        outputTokensMax = try fields.count("max_output_tokens")
        toolCallsMax = try fields.count("max_tool_calls")
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        effort = try Self.effort(fields)
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

    private static func toolChoice(
        _ fields: RequestFields,
        among tools: [RequestedTool]
    ) throws(ResponseError) -> ToolChoice {
        switch fields["tool_choice"] {
        case nil, .string("auto"), .string("required"): return .auto
        case .string("none"): return .none
        case .object(let choice) where choice["type"] == "function":
            let name = choice["name"]?.string ?? choice["function"]?["name"]?.string ?? ""
            let isThere = tools.contains { tool in
                if case .function(name, _, _) = tool { true } else { false }
            }
            guard isThere else {
                throw ResponseError.invalid("tool_choice", "The request has no function `\(name.prefix(100))`.")
            }
            return .function(name)
        case .object: return .auto
        default: throw ResponseError.invalid("tool_choice", "`tool_choice` is auto, none, required or a tool.")
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
        if fields["text"]?["format"]?["type"].map({ $0 != "text" && $0 != "json_schema" }) ?? false {
            throw ResponseError.unsupported("text.format", "`text.format` is text or json_schema here.")
        }
    }
}
