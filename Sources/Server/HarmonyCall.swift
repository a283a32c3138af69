internal import HTTPTypes
internal import Harmony
internal import JSON
internal import MCP

/// One call in Harmony, and what is to be done about it.
struct HarmonyCall: Sendable {
    /// What answers the call.
    enum Work: Sendable {
        case run(MCPServer, tool: String, arguments: JSONValue)
        /// A sentence to the model.
        case refuse(String)
    }

    let reply: ToolReply
    let work: Work
    /// What was repaired in the call.
    let repairs: [String]

    /// Finds the tool that a message calls.
    ///
    /// Throws for a message that is no call; also for one to no tool that is there, and for arguments that are not JSON,
    /// unless `isLenient`: then the model is told.
    init(_ call: Message, among tools: HarmonyTools, isLenient: Bool) throws(Problem) {
        guard let recipient = call.recipient else {
            throw Problem(
                .badRequest,
                "The message has no recipient, so it calls no tool. A call is to one of: \(tools.list)."
            )
        }
        guard let reply = ToolReply(to: call, among: tools.names) else {
            throw Problem(.badRequest, "Only an assistant's message to a tool is a call, and this is none.")
        }
        self.reply = reply
        let renamed = recipient == reply.tool ? [] : ["recipient:\(recipient.prefix(100))"]
        guard let (server, tool) = tools[reply.tool] else {
            let sentence = "There is no tool `\(recipient.prefix(100))`. The tools are: \(tools.list)."
            guard isLenient else { throw Problem(.badRequest, sentence) }
            work = .refuse(sentence)
            repairs = ["unknown_recipient"] + renamed
            return
        }
        let arguments = HarmonyArguments(of: call, for: reply.tool, isLenient: isLenient)
        work = arguments.refusal.map { .refuse($0) } ?? .run(server, tool: tool, arguments: arguments.value)
        repairs = renamed + arguments.repairs
    }
}

/// The tools that a call in Harmony can be to, by their full names.
struct HarmonyTools: Sendable {
    private let tools: [String: (server: MCPServer, name: String)]

    /// Those of `servers` that are among `wanted`; all if that is nil.
    init(of servers: [MCPServer], wanted: [String]?) {
        var tools: [String: (server: MCPServer, name: String)] = [:]
        for server in servers {
            let space = server.namespace.name
            for tool in server.namespace.tools.map(\.description.name) {
                // A tool that has its namespace's name goes by that alone.
                tools[tool == space ? tool : "\(space).\(tool)"] = (server, tool)
            }
        }
        self.tools = tools.filter { wanted?.contains($0.key) ?? true }
    }

    var names: Set<String> { Set(tools.keys) }

    /// The names, for a sentence.
    var list: String { tools.keys.sorted().map { "`\($0)`" }.joined(separator: ", ") }

    subscript(name: String) -> (server: MCPServer, name: String)? { tools[name] }
}

/// The arguments in a call: of `python` the code as it is, of others JSON.
private struct HarmonyArguments {
    var value: JSONValue = .null
    /// What the model is told when there are none.
    var refusal: String?
    var repairs: [String] = []

    init(of call: Message, for tool: String, isLenient: Bool) {
        if tool == "python" {
            value = ["code": .string(call.text)]
            if isLenient { readCode(in: call) }
            return
        }
        do throws(JSONError) {
            let text = try ArgumentText(reading: call.text)
            if isLenient || text.repairs.isEmpty {
                take(text)
            } else {
                _ = try JSONValue(parsing: Array(call.text.utf8))
                refusal = "The arguments of \(tool) have to be a JSON object, and are a string."
            }
        } catch {
            refusal = "The arguments of \(tool) have to be a JSON object: \(error.description(in: call.text))."
        }
    }

    private mutating func take(_ text: ArgumentText) {
        value = .object(text.members)
        repairs = text.repairs.map { "arguments:\($0.rawValue)" }
    }

    /// Reads code that is written as the arguments that hold it, with slips that keep it from being JSON.
    ///
    /// What goes on behind them may be Python, unless the message says that it is not.
    private mutating func readCode(in call: Message) {
        guard let arguments = try? ArgumentText(reading: call.text), case .string? = arguments.members["code"],
            arguments.members.count == 1,
            !arguments.repairs.contains(.textBehind) || call.contentType?.hasSuffix("json") == true
        else { return }
        take(arguments)
    }
}

extension JSONError {
    /// What was wrong with `text`, and around which words.
    fileprivate func description(in text: String) -> String {
        let bytes = Array(text.utf8)
        let place = min(offset, bytes.count)
        let before = String(decoding: bytes[max(0, place - 20)..<place], as: UTF8.self)
        let after = String(decoding: bytes[place..<min(bytes.count, place + 20)], as: UTF8.self)
        return "\(description), between `\(before)` and `\(after)`"
    }
}
