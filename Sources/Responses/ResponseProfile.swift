public import JSON

/// How responses are written: two specifications name some of the same things differently.
public enum ResponseProfile: Sendable, Equatable {
    /// As OpenAI's API does.
    case openAI
    /// As the Open Responses specification does (2026-04-24): raw reasoning has other events, what the specification does not
    /// have is an extension, `harmonium:…`, and a stream ends with `[DONE]`.
    case openResponses

    /// The name and the members of an event, as they are sent.
    public func event(_ event: ResponseEvent) -> (type: String, json: JSONObject) {
        guard self == .openResponses else { return (event.type, event.json) }
        let type = Self.openType(event.type)
        var json = event.json
        json["type"] = .string(type)
        json["item"] = json["item"].map(Self.openItem)
        json["response"] = json["response"].map(response)
        return (type, json)
    }

    /// A response, as it is sent.
    public func response(_ response: JSONValue) -> JSONValue {
        guard self == .openResponses, var members = response.object else { return response }
        members["output"] = .array((members["output"]?.array ?? []).map(Self.openItem))
        return .object(members)
    }

    /// The item types of the specification's core.
    private static let coreItems: Set<String> = [
        "message", "function_call", "function_call_output", "reasoning", "compaction",
    ]
    /// The families of events of its core.
    private static let coreEvents = [
        "response.created", "response.in_progress", "response.queued", "response.completed", "response.failed",
        "response.incomplete", "response.output_item.", "response.content_part.", "response.output_text.",
        "response.refusal.", "response.reasoning.", "response.function_call_arguments.",
    ]

    private static func openType(_ type: String) -> String {
        if type.hasPrefix("response.reasoning_text.") {
            return "response.reasoning.\(type.dropFirst("response.reasoning_text.".count))"
        }
        let isKnown = coreEvents.contains(where: type.hasPrefix) || type.hasPrefix("harmonium:")
        return isKnown ? type : "harmonium:\(type)"
    }

    private static func openItem(_ item: JSONValue) -> JSONValue {
        guard var members = item.object, let type = members["type"]?.string, !coreItems.contains(type) else {
            return item
        }
        members["type"] = .string("harmonium:\(type)")
        if members["status"] == nil { members["status"] = "completed" }
        return .object(members)
    }
}
