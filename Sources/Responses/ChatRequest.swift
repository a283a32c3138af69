public import JSON

/// A request of Chat Completions as the request for a response that means the same (OpenAI, "Create chat completion").
///
/// Messages become items, `reasoning_content` of earlier answers becomes reasoning, and tools keep their meaning. What chat has no
/// word for, such as `code_interpreter`, may be declared in `tools` as for a response.
public struct ChatRequest: Sendable {
    /// Whether the answer is a stream of chunks.
    public let isStreamed: Bool
    /// Whether the stream's last chunk says what was used.
    public let includesUsage: Bool
    /// The request for a response, which is not stored.
    public let body: JSONValue

    /// Reads a body.
    ///
    /// - Throws: ``ResponseError`` that names what is wrong.
    public init(_ json: JSONValue) throws(ResponseError) {
        guard let object = json.object else {
            throw ResponseError(.invalidRequest, code: "invalid_json", "The body has to be a JSON object.")
        }
        let fields = RequestFields(object)
        guard let messages = try fields.objects("messages"), !messages.isEmpty else {
            throw ResponseError(
                .invalidRequest,
                code: "missing_required_parameter",
                parameter: "messages",
                "`messages` has to be an array of at least one message."
            )
        }
        if let count = try fields.count("n"), count > 1 {
            throw .unsupported("n", "One answer at a time is made here: leave `n` out.")
        }
        isStreamed = try fields.flag("stream") ?? false
        includesUsage = fields["stream_options"]?["include_usage"]?.bool ?? false
        var items: [JSONValue] = []
        for message in messages { items += try Self.items(of: message) }
        body = .object(Self.members(object, input: items))
    }

    private static func members(_ object: JSONObject, input: [JSONValue]) -> JSONObject {
        var body: JSONObject = ["input": .array(input), "store": false]
        for name in [
            "model", "temperature", "top_p", "tools", "tool_choice", "parallel_tool_calls", "metadata", "user",
        ] {
            body[name] = object[name]
        }
        body["max_output_tokens"] = object["max_completion_tokens"] ?? object["max_tokens"]
        if let effort = object["reasoning_effort"], !effort.isNull { body["reasoning"] = ["effort": effort] }
        if let format = object["response_format"], let type = format["type"], type != "text" {
            var flat = format["json_schema"]?.object ?? [:]
            flat["type"] = type
            body["text"] = ["format": .object(flat)]
        }
        return body
    }

    private static func items(of message: RequestFields) throws(ResponseError) -> [JSONValue] {
        let role = try message.requiredText("role")
        guard role != "tool" else {
            return [
                [
                    "type": "function_call_output", "call_id": .string(try message.requiredText("tool_call_id")),
                    "output": message["content"] ?? "",
                ]
            ]
        }
        var items: [JSONValue] = []
        let thought = try message.text("reasoning_content")
        let reasoning = if let thought { thought } else { try message.text("reasoning") }
        if role == "assistant", let reasoning {
            items.append([
                "type": "reasoning", "summary": [],
                "content": [["type": "reasoning_text", "text": .string(reasoning)]],
            ])
        }
        let calls = try message.objects("tool_calls") ?? []
        if let content = message["content"], content != "" {
            var item: JSONObject = ["type": "message", "role": .string(role), "content": content]
            if !calls.isEmpty { item["phase"] = "commentary" }
            items.append(.object(item))
        }
        for call in calls {
            items.append([
                "type": "function_call", "call_id": .string(try call.requiredText("id")),
                "name": call["function"]?["name"] ?? "", "arguments": call["function"]?["arguments"] ?? "{}",
            ])
        }
        return items
    }
}
