internal import Harmony
internal import JSON

/// A response as clients see it: what was asked for, and how far it has come.
struct ResponseResource: Sendable {
    /// How far a response has come.
    enum Ending: Sendable, Equatable {
        case inProgress
        case completed
        case incomplete(reason: String)
        case failed(message: String)

        /// The status on the wire.
        var status: String {
            switch self {
            case .inProgress: "in_progress"
            case .completed: "completed"
            case .incomplete: "incomplete"
            case .failed: "failed"
            }
        }
    }

    let id: String
    /// When it was made, in seconds since 1970.
    let createdAt: Int
    private let asked: JSONObject
    private let now: @Sendable () -> Int

    init(id: String, model: String, request: ResponseRequest, now: @escaping @Sendable () -> Int) {
        self.id = id
        createdAt = now()
        self.now = now
        asked = Self.echo(of: request, model: model)
    }

    /// The response as JSON.
    func json(_ ending: Ending, output: [JSONValue] = [], usage: Usage? = nil, repairs: [String]? = nil) -> JSONValue {
        var json: JSONObject = [
            "id": .string(id), "object": "response", "created_at": .integer(createdAt),
            "status": .string(ending.status), "completed_at": .null, "error": .null, "incomplete_details": .null,
        ]
        switch ending {
        case .inProgress: break
        case .completed: json["completed_at"] = .integer(now())
        case .incomplete(let reason): json["incomplete_details"] = ["reason": .string(reason)]
        // Of the codes that clients know, the one for what is no fault of theirs.
        case .failed(let message): json["error"] = ["code": "server_error", "message": .string(message)]
        }
        json["output"] = .array(output)
        json["usage"] = usage.map(\.json) ?? .null
        json["harmonium:repairs"] = repairs.map { .array($0.map { .string($0) }) }
        return .object(json.merging(asked))
    }

    /// What the client asked for, with what it left out filled in. No secret comes back.
    private static func echo(of request: ResponseRequest, model: String) -> JSONObject {
        let body = request.body
        func given(_ name: String, or value: JSONValue) -> JSONValue {
            body[name].flatMap { $0.isNull ? nil : $0 } ?? value
        }
        return [
            "background": false, "instructions": given("instructions", or: .null),
            "max_output_tokens": given("max_output_tokens", or: .null),
            "max_tool_calls": given("max_tool_calls", or: .null), "model": .string(model),
            "parallel_tool_calls": given("parallel_tool_calls", or: true),
            "previous_response_id": given("previous_response_id", or: .null),
            "reasoning": [
                "effort": .string(request.effort?.rawValue.lowercased() ?? "medium"), "summary": .null,
            ],
            "service_tier": "default", "store": .bool(request.isStored),
            "temperature": .number(request.temperature ?? 1), "top_p": .number(request.topP ?? 1),
            "presence_penalty": 0, "frequency_penalty": 0, "top_logprobs": 0,
            "text": given("text", or: ["format": ["type": "text"]]), "tool_choice": given("tool_choice", or: "auto"),
            "tools": .array((body["tools"]?.array ?? []).map(\.withoutSecrets)),
            "truncation": given("truncation", or: "disabled"),
            "user": given("user", or: .null), "safety_identifier": given("safety_identifier", or: .null),
            "prompt_cache_key": given("prompt_cache_key", or: .null), "metadata": given("metadata", or: [:]),
        ]
    }
}

extension JSONValue {
    /// A tool without what lets others in, and with the members that a function's echo has.
    fileprivate var withoutSecrets: JSONValue {
        guard var tool = object else { return self }
        switch tool["type"]?.string {
        case "mcp":
            tool["headers"] = .null
            tool["authorization"] = .null
            if let url = tool["server_url"]?.string { tool["server_url"] = .string(Self.redacted(url)) }
        case "function":
            for name in ["description", "parameters", "strict"] where tool[name] == nil { tool[name] = .null }
        default: break
        }
        return .object(tool)
    }

    /// The scheme and the host of a URL; what follows may hold a secret.
    private static func redacted(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        guard let slash = rest.firstIndex(where: { "/?#".contains($0) }) else { return url }
        let authority = rest[..<slash]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return "\(url[..<scheme.upperBound])\(host)/<redacted>"
    }
}
