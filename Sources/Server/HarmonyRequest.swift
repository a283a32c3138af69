internal import HTTPTypes
internal import Harmony
internal import JSON
internal import MCP
internal import Tokenizer

/// What is posted to `/v1/harmony`: a call as a model made it, and how it is to be answered.
struct HarmonyRequest: Sendable {
    /// How many tokens the calls may have: no model's context has more.
    static let tokensMax = 131_072
    /// How many calls are answered at once.
    private static let callsMax = 16

    /// The assistant's messages that call tools, in order; at least one.
    let calls: [Message]
    /// Whose state the tool works on; nil for a session that ends with the request.
    let session: String?
    /// The full names of the tools that may be called; nil for all there are.
    let tools: [String]?
    let isStreamed: Bool
    /// Whether the server repairs what is wrong with the call and reports it, instead of refusing the call.
    let isLenient: Bool
    let flavor: Flavor
    /// What was repaired.
    let repairs: [String]

    /// Reads a body.
    init(_ body: [UInt8], encoding: Encoding) throws(Problem) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: body, limits: .harmony)
        } catch {
            throw Problem(.badRequest, "The body is no JSON: \(error).")
        }
        guard json.object != nil else { throw Problem(.badRequest, "The body has to be a JSON object.") }
        session = try json.member("session", kind: "a string") { $0.string }
        tools = try json.member("tools", kind: "an array of tools' names") { $0.strings }
        isStreamed = try json.member("stream", kind: "true or false") { $0.bool } ?? false
        isLenient = try json.member("lenient", kind: "true or false") { $0.bool } ?? false
        flavor = try json.member("flavor", kind: "\"openai\" or \"oss\"") { Flavor(named: $0.string) } ?? .openAI
        let source = try HarmonySource(json, encoding: encoding)
        (calls, repairs) = try source.calls(isLenient: isLenient, encoding: encoding, flavor: flavor)
        guard calls.count <= Self.callsMax else {
            throw Problem(.badRequest, "These are \(calls.count) calls; at most \(Self.callsMax) are answered at once.")
        }
    }
}

/// The form in which a call comes.
private enum HarmonySource {
    case message(JSONValue)
    /// Tokens as sampled, the control tokens included.
    case ids([UInt32])

    init(_ json: JSONValue, encoding: Encoding) throws(Problem) {
        let given = ["message", "text", "token_ids"].filter { name in json[name].map { $0 != .null } ?? false }
        guard given.count == 1 else {
            throw Problem(.badRequest, "The body has to have one of `message`, `text` and `token_ids`.")
        }
        if let message = json["message"], message != .null {
            self = .message(message)
        } else if let text = try json.member("text", kind: "a string", { $0.string }) {
            self = .ids(try HarmonySource.bounded(encoding.encodeWithSpecialTokens(text)))
        } else {
            let ids = try json.member("token_ids", kind: "an array of token ids") { $0.ids }
            self = .ids(try HarmonySource.bounded(ids ?? []))
        }
    }

    private static func bounded(_ ids: [UInt32]) throws(Problem) -> [UInt32] {
        guard ids.count <= HarmonyRequest.tokensMax else {
            throw Problem(.contentTooLarge, "A call may have at most \(HarmonyRequest.tokensMax) tokens.")
        }
        return ids
    }

    func calls(
        isLenient: Bool,
        encoding: Encoding,
        flavor: Flavor
    ) throws(Problem) -> (calls: [Message], repairs: [String]) {
        switch self {
        case .message(let json): ([try HarmonySource.message(json)], [])
        case .ids(let ids) where isLenient: try HarmonySource.leniently(ids, encoding)
        case .ids(let ids): (try HarmonySource.strictly(ids, encoding, flavor: flavor), [])
        }
    }

    private static func message(_ json: JSONValue) throws(Problem) -> Message {
        do throws(HarmonyError) {
            return try Message(json: json)
        } catch {
            throw Problem(.badRequest, "`message` is no message of Harmony: \(error).")
        }
    }

    /// Sampled tokens begin in the assistant's header, unless they name a role themselves.
    private static func role(of ids: [UInt32]) -> Role? { ids.first == SpecialToken.start.id ? nil : .assistant }

    private static func strictly(
        _ ids: [UInt32],
        _ encoding: Encoding,
        flavor: Flavor
    ) throws(Problem) -> [Message] {
        if let unknown = ids.first(where: { encoding.bytes(of: $0) == nil && SpecialToken(id: $0) == nil }) {
            throw Problem(.badRequest, "There is no token \(unknown).")
        }
        var parser = StrictParser(encoding: encoding, role: role(of: ids), flavor: flavor)
        do throws(HarmonyError) {
            for id in ids { try parser.process(id) }
            try parser.finish()
        } catch {
            throw Problem(
                .badRequest,
                "The tokens are no message of Harmony: \(error). With `lenient` they are repaired."
            )
        }
        return try calls(in: parser.messages)
    }

    private static func leniently(
        _ ids: [UInt32],
        _ encoding: Encoding
    ) throws(Problem) -> (calls: [Message], repairs: [String]) {
        let known = ids.filter { encoding.bytes(of: $0) != nil || SpecialToken(id: $0) != nil }
        var parser = LenientParser(encoding: encoding, role: role(of: known))
        for id in known { _ = parser.process(id) }
        _ = parser.finish()
        let unknown = ids.count - known.count
        let messages = parser.messages.map(\.message)
        let authored = messages.map(\.authoredByAssistant)
        let repairs =
            (unknown > 0 ? ["unknown_token:\(unknown)"] : []) + parser.diagnostics.map(\.description)
            + (authored == messages ? [] : [Diagnostic.Code.unknownRole.rawValue])
        return (try calls(in: authored), repairs)
    }

    /// The last calls that nothing but the assistant's own words stands between.
    ///
    /// What follows them, such as an answer of the tool's that the model made up, does not count; what is answered
    /// before them has been carried out.
    private static func calls(in messages: [Message]) throws(Problem) -> [Message] {
        guard let end = messages.lastIndex(where: \.isCall) else {
            guard let other = messages.last(where: { $0.recipient != nil }) ?? messages.last else {
                throw Problem(.badRequest, "There is no message in this.")
            }
            return [other]
        }
        let start = messages[..<end].lastIndex { $0.role != .assistant }.map { $0 + 1 } ?? 0
        return messages[start...end].filter(\.isCall)
    }
}

extension Message {
    /// Whether the assistant calls a tool.
    fileprivate var isCall: Bool { role == .assistant && isToTool }

    private var isToTool: Bool { recipient.map { ![Role.assistant.rawValue, "all"].contains($0) } ?? false }

    /// The same message; the assistant's if its author counts as a tool and calls one, since tools answer the assistant
    /// alone.
    fileprivate var authoredByAssistant: Message {
        guard role == .tool, isToTool else { return self }
        var message = self
        message.role = .assistant
        message.name = nil
        return message
    }
}

extension JSONValue {
    /// The member `name`, which is absent, `null` or what `read` makes of it; `kind` says what that is.
    fileprivate func member<Value>(
        _ name: String,
        kind: String,
        _ read: (JSONValue) -> Value?
    ) throws(Problem) -> Value? {
        guard let json = self[name], json != .null else { return nil }
        guard let value = read(json) else { throw Problem(.badRequest, "`\(name)` has to be \(kind).") }
        return value
    }

    fileprivate var strings: [String]? { array.flatMap { all(\.string, of: $0) } }

    fileprivate var ids: [UInt32]? {
        array.flatMap { items in
            all({ item in if case .integer(let value) = item { UInt32(exactly: value) } else { nil } }, of: items)
        }
    }

    private func all<Value>(_ read: (JSONValue) -> Value?, of items: [JSONValue]) -> [Value]? {
        let values = items.compactMap(read)
        return values.count == items.count ? values : nil
    }
}

extension Flavor {
    /// The flavor with this name on the wire.
    fileprivate init?(named name: String?) {
        switch name {
        case "openai": self = .openAI
        case "oss": self = .oss
        default: return nil
        }
    }
}
