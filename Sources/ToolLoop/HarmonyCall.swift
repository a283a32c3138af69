public import Harmony
internal import JSON
public import MCP

/// One call in Harmony, and what answers it.
public struct HarmonyCall: Sendable {
    /// What answers a call.
    enum Work: Sendable {
        case run(any Tool, JSONObject)
        /// A sentence to the model.
        case refuse(String)
    }

    /// The answer, before there is any output.
    public let reply: ToolReply
    /// What was repaired in the call, one code each.
    public let repairs: [String]
    let work: Work

    /// Finds the tool that `call` is for, among `tools`, and reads its arguments.
    ///
    /// - Parameter isLenient: Whether slips of the model are repaired, and what cannot be is a sentence to the model.
    /// - Throws: `HarmonyCallError` for a message that is not a call; unless `isLenient`, also for a call to no tool
    ///   that is there.
    public init(_ call: Message, among tools: ToolDirectory, isLenient: Bool) throws(HarmonyCallError) {
        guard let recipient = call.recipient else {
            throw HarmonyCallError(
                "The message has no recipient, so it calls no tool. A call is to one of: \(tools.list)."
            )
        }
        guard let reply = ToolReply(to: call, among: tools.names) else {
            throw HarmonyCallError("Only an assistant's message to a tool is a call, and this is not one.")
        }
        self.reply = reply
        let renamed = recipient == reply.tool ? [] : ["recipient:\(recipient.prefix(100))"]
        guard let entry = tools[reply.tool] else {
            let sentence = "There is no tool `\(recipient.prefix(100))`. The tools are: \(tools.list)."
            guard isLenient else { throw HarmonyCallError(sentence) }
            work = .refuse(sentence)
            repairs = ["unknown_recipient"] + renamed
            return
        }
        let arguments = HarmonyArguments(of: call, for: entry, isLenient: isLenient)
        work = arguments.refusal.map { .refuse($0) } ?? .run(entry.tool, arguments.members)
        repairs = renamed + arguments.repairs
    }
}

/// Why a message cannot be answered as a call.
public struct HarmonyCallError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The arguments in a call: the text as it is where the tool takes one, else JSON.
private struct HarmonyArguments {
    var members: JSONObject = [:]
    /// What the model reads when there are none.
    var refusal: String?
    var repairs: [String] = []

    init(of call: Message, for entry: ToolDirectory.Entry, isLenient: Bool) {
        if let name = entry.tool.description.textArgument {
            members = [name: .string(call.text)]
            if isLenient { readText(in: call, as: name) }
        } else {
            readJSON(call.text, for: entry.name, isLenient: isLenient)
        }
    }

    private mutating func readJSON(_ text: String, for tool: String, isLenient: Bool) {
        do throws(JSONError) {
            let arguments = try ArgumentText(reading: text)
            if isLenient || arguments.repairs.isEmpty {
                take(arguments)
            } else {
                _ = try JSONValue(parsing: text)
                refusal = "The arguments of \(tool) have to be a JSON object, and are a string."
            }
        } catch {
            refusal = "The arguments of \(tool) have to be a JSON object: \(error.description(in: text))."
        }
    }

    private mutating func take(_ text: ArgumentText) {
        members = text.members
        repairs = text.repairs.map { "arguments:\($0.rawValue)" }
    }

    /// Reads text that is written as the arguments that hold it, with slips that keep it from being JSON.
    ///
    /// What follows them may belong to the text, unless the message says that it is JSON.
    private mutating func readText(in call: Message, as name: String) {
        guard let arguments = try? ArgumentText(reading: call.text), case .string? = arguments.members[name],
            arguments.members.count == 1,
            !arguments.repairs.contains(.trailingText) || call.contentType?.hasSuffix("json") == true
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
