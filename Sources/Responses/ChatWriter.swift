public import JSON

/// A response's events as an answer of Chat Completions: text in `content`, what the model thinks in `reasoning_content`, and
/// calls of the client's functions in `tool_calls`. Calls that the daemon carries out do not show.
public struct ChatWriter: Sendable {
    private let id: String
    private let model: String
    private let createdAt: Int
    private let includesUsage: Bool
    private var callCount = 0
    private var messageCount = 0
    private var hasBegun = false

    /// A writer for one answer.
    ///
    /// - Parameters:
    ///   - id: The response's, whose last part the answer's is made from.
    ///   - createdAt: In seconds since 1970.
    public init(id: String, model: String, createdAt: Int, includesUsage: Bool) {
        self.id = "chatcmpl-\(id.drop { $0 != "_" }.dropFirst())"
        self.model = model
        self.createdAt = createdAt
        self.includesUsage = includesUsage
    }

    /// The chunks that an event becomes, in order.
    public mutating func chunks(for event: ResponseEvent) -> [JSONValue] {
        switch event.type {
        case "response.output_text.delta": return [chunk(["content": event.json["delta"] ?? ""])]
        case "response.reasoning_text.delta": return [chunk(["reasoning_content": event.json["delta"] ?? ""])]
        case "response.content_part.added":
            guard event.json["part"]?["type"] == "output_text" else { return [] }
            messageCount += 1
            return messageCount > 1 ? [chunk(["content": .string(Self.separator)])] : []
        case "response.function_call_arguments.delta":
            let call: JSONValue = [
                "index": .integer(callCount - 1), "function": ["arguments": event.json["delta"] ?? ""],
            ]
            return [chunk(["tool_calls": [call]])]
        case "response.output_item.added":
            guard let item = event.json["item"], item["type"] == "function_call" else { return [] }
            callCount += 1
            let call: JSONValue = [
                "index": .integer(callCount - 1), "id": item["call_id"] ?? "", "type": "function",
                "function": ["name": item["name"] ?? "", "arguments": ""],
            ]
            return [chunk(["tool_calls": [call]])]
        case "response.completed", "response.incomplete": return end(event.json["response"] ?? [:])
        case "response.failed":
            let message = event.json["response"]?["error"] ?? [:]
            return [
                [
                    "error": [
                        "message": message["message"] ?? "", "type": "server_error", "code": message["code"] ?? .null,
                    ]
                ]
            ]
        default: return []
        }
    }

    /// The whole answer at once.
    public func answer(_ response: JSONValue) -> JSONValue {
        let output = response["output"]?.array ?? []
        let text = { (type: String) in
            output.filter { $0["type"]?.string == type }.flatMap { $0["content"]?.array ?? [] }
                .compactMap { $0["text"]?.string }
        }
        let calls: [JSONValue] = output.filter { $0["type"] == "function_call" }.map { call in
            [
                "id": call["call_id"] ?? "", "type": "function",
                "function": ["name": call["name"] ?? "", "arguments": call["arguments"] ?? ""],
            ]
        }
        var message: JSONObject = ["role": "assistant"]
        let content = text("message")
        message["content"] = content.isEmpty ? .null : .string(content.joined(separator: Self.separator))
        let reasoning = text("reasoning")
        if !reasoning.isEmpty { message["reasoning_content"] = .string(reasoning.joined(separator: "\n")) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        let choice: JSONValue = [
            "index": 0, "message": .object(message), "logprobs": .null,
            "finish_reason": .string(Self.reason(response, hasCalls: !calls.isEmpty)),
        ]
        return .object(
            head("chat.completion").merging(["choices": [choice], "usage": Self.usage(response["usage"] ?? [:])])
        )
    }

    /// What stands between two messages of one answer.
    private static let separator = "\n\n"

    private func end(_ response: JSONValue) -> [JSONValue] {
        var chunks = [chunk([:], reason: Self.reason(response, hasCalls: callCount > 0))]
        if includesUsage {
            let usage: JSONObject = ["choices": [], "usage": Self.usage(response["usage"] ?? [:])]
            chunks.append(.object(head("chat.completion.chunk").merging(usage)))
        }
        return chunks
    }

    private mutating func chunk(_ delta: JSONObject) -> JSONValue {
        defer { hasBegun = true }
        return chunk(hasBegun ? delta : (["role": "assistant"] as JSONObject).merging(delta), reason: nil)
    }

    private func chunk(_ delta: JSONObject, reason: String?) -> JSONValue {
        let choice: JSONValue = [
            "index": 0, "delta": .object(delta), "logprobs": .null,
            "finish_reason": reason.map { .string($0) } ?? .null,
        ]
        return .object(head("chat.completion.chunk").merging(["choices": [choice]]))
    }

    private func head(_ object: String) -> JSONObject {
        ["id": .string(id), "object": .string(object), "created": .integer(createdAt), "model": .string(model)]
    }

    private static func reason(_ response: JSONValue, hasCalls: Bool) -> String {
        if response["status"] == "incomplete" { return "length" }
        return hasCalls ? "tool_calls" : "stop"
    }

    private static func usage(_ usage: JSONValue) -> JSONValue {
        [
            "prompt_tokens": usage["input_tokens"] ?? 0, "completion_tokens": usage["output_tokens"] ?? 0,
            "total_tokens": usage["total_tokens"] ?? 0,
            "prompt_tokens_details": ["cached_tokens": usage["input_tokens_details"]?["cached_tokens"] ?? 0],
            "completion_tokens_details": [
                "reasoning_tokens": usage["output_tokens_details"]?["reasoning_tokens"] ?? 0
            ],
        ]
    }
}
