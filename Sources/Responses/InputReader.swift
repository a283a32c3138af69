internal import Harmony
internal import JSON
internal import MCP

/// Turns the items of a request into messages of Harmony.
struct InputReader {
    /// The messages so far.
    private(set) var messages: [Message] = []
    /// Instructions of the system or the developer that stand before all else.
    private(set) var instructions: [String] = []
    /// The MCP servers whose tools the client has been shown.
    private(set) var listedLabels: Set<String> = []
    /// The recipients of calls that have no answer yet, by the ids of the calls.
    private var callees: [String: String]

    /// - Parameter callees: The calls of the conversation so far that have no answer.
    init(callees: [String: String] = [:]) { self.callees = callees }

    /// Reads one item.
    ///
    /// - Throws: ``ResponseError`` that names what is wrong with it.
    mutating func read(_ item: JSONValue, at index: Int) throws(ResponseError) {
        let path = "input[\(index)]"
        guard let object = item.object else { throw .invalid(path, "`\(path)` has to be an object.") }
        let fields = RequestFields(object, path: "\(path).")
        switch try fields.text("type") ?? "message" {
        case "message": try readMessage(fields)
        case "reasoning": readReasoning(fields)
        case "function_call": try readFunctionCall(fields)
        case "function_call_output": try readOutput(fields, of: "functions.")
        case "mcp_call": try readToolCall(fields)
        case "mcp_list_tools": listedLabels.insert(try fields.requiredText("server_label"))
        case "code_interpreter_call": try readCode(fields)
        case "shell_call": try readShellCall(fields)
        case "shell_call_output": try readOutput(fields, of: "container.")
        // Its results are not in it, and without them it says nothing.
        case "web_search_call": break
        case let type:
            throw .unsupported(fields.name(of: "type"), "Items of the type `\(type.prefix(100))` cannot be read here.")
        }
    }

    /// Ends the input: a call without an answer would leave the model waiting for it.
    func finish() throws(ResponseError) {
        guard let id = callees.keys.min() else { return }
        throw .invalid("input", "No item answers the call `\(id.prefix(100))`; each function_call needs its output.")
    }
}

// Messages.
extension InputReader {
    private mutating func readMessage(_ fields: RequestFields) throws(ResponseError) {
        let texts = try texts(fields)
        switch try fields.requiredText("role") {
        case "user": messages.append(Message(role: .user, content: texts.map { .text($0) }))
        case "assistant":
            let channel = fields["phase"] == "commentary" ? "commentary" : "final"
            messages.append(Message(role: .assistant, channel: channel, content: texts.map { .text($0) }))
        case "system", "developer":
            let text = texts.joined(separator: "\n")
            if messages.isEmpty {
                instructions.append(text)
            } else {
                messages.append(Message(developer: DeveloperContent(instructions: text)))
            }
        default:
            throw .invalid(
                fields.name(of: "role"),
                "`\(fields.name(of: "role"))` is user, assistant, system or developer."
            )
        }
    }

    private func texts(_ fields: RequestFields) throws(ResponseError) -> [String] {
        if case .string(let text)? = fields["content"] { return [text] }
        guard let parts = try fields.objects("content") else {
            throw .invalid(
                fields.name(of: "content"),
                "`\(fields.name(of: "content"))` is a string or an array of parts."
            )
        }
        var texts: [String] = []
        for part in parts { texts.append(try text(of: part)) }
        return texts
    }

    private func text(of part: RequestFields) throws(ResponseError) -> String {
        switch try part.requiredText("type") {
        case "input_text", "output_text", "text", "reasoning_text", "summary_text":
            return try part.requiredText("text")
        case "refusal": return try part.requiredText("refusal")
        case "input_image", "image_url":
            throw .unsupported(
                part.name(of: "type"),
                "gpt-oss models read no images. Describe it in words, or leave it out."
            )
        case "input_file": return try FileText(part).text
        case let type:
            throw .unsupported(part.name(of: "type"), "Parts of the type `\(type.prefix(100))` cannot be read here.")
        }
    }

    /// What is encrypted, or only a summary, is not what the model thought.
    private mutating func readReasoning(_ fields: RequestFields) {
        let parts = fields["content"]?.array?.compactMap { $0["text"]?.string } ?? []
        guard !parts.isEmpty else { return }
        messages.append(Message(role: .assistant, channel: "analysis", content: parts.map { .text($0) }))
    }
}

// Calls and their answers.
extension InputReader {
    private mutating func readFunctionCall(_ fields: RequestFields) throws(ResponseError) {
        let name = "functions.\(try fields.requiredText("name"))"
        callees[try fields.requiredText("call_id")] = name
        messages.append(
            Message(
                role: .assistant,
                recipient: name,
                channel: "commentary",
                contentType: "<|constrain|>json",
                text: try fields.text("arguments") ?? "{}"
            )
        )
    }

    private mutating func readOutput(_ fields: RequestFields, of prefix: String) throws(ResponseError) {
        let id = try fields.requiredText("call_id")
        guard let name = callees[id], name.hasPrefix(prefix) else {
            throw .invalid(fields.name(of: "call_id"), "No call before this item has the id `\(id.prefix(100))`.")
        }
        callees[id] = nil
        let text: String =
            switch fields["output"] {
            case .string(let text): text
            case .array(let parts):
                parts.compactMap { $0["text"]?.string ?? $0["stdout"]?.string }.joined(separator: "\n")
            case let value: value?.description ?? ""
            }
        answer(name, with: text, channel: "commentary")
    }

    private mutating func readToolCall(_ fields: RequestFields) throws(ResponseError) {
        let label = try fields.requiredText("server_label")
        let tool = try fields.requiredText("name")
        let namespace = RequestedTool.namespaceName(of: label) ?? label
        let name = tool == namespace ? tool : "\(namespace).\(tool)"
        let arguments = try fields.text("arguments") ?? "{}"
        let code = name == "python" ? (try? JSONValue(parsing: arguments))?["code"]?.string : nil
        call(name, code ?? arguments)
        let error = fields["error"].map { $0.string ?? $0["content"]?.array?.first?["text"]?.string ?? $0.description }
        answer(name, with: try fields.text("output") ?? error ?? "", channel: "analysis")
    }

    private mutating func readCode(_ fields: RequestFields) throws(ResponseError) {
        call("python", try fields.text("code") ?? "")
        let logs = fields["outputs"]?.array?.compactMap { $0["logs"]?.string } ?? []
        answer("python", with: logs.joined(separator: "\n"), channel: "analysis")
    }

    private mutating func readShellCall(_ fields: RequestFields) throws(ResponseError) {
        let commands = fields["action"]?["commands"]?.array?.compactMap(\.string) ?? []
        let words: JSONValue = ["bash", "-lc", .string(commands.joined(separator: "\n"))]
        callees[try fields.requiredText("call_id")] = "container.exec"
        call("container.exec", JSONValue.object(["cmd": words]).description)
    }

    private mutating func call(_ name: String, _ text: String) {
        let type = name == "python" ? "code" : "<|constrain|>json"
        messages.append(
            Message(role: .assistant, recipient: name, channel: "analysis", contentType: type, text: text)
        )
    }

    private mutating func answer(_ name: String, with text: String, channel: String) {
        messages.append(Message(role: .tool, name: name, recipient: "assistant", channel: channel, text: text))
    }
}

/// A file of a request, as text.
private struct FileText {
    let text: String

    init(_ part: RequestFields) throws(ResponseError) {
        guard let data = try part.text("file_data") else {
            throw .unsupported(
                part.name(of: "file_id"),
                "Files have to come in `file_data`; there is no store of files here."
            )
        }
        let base64 =
            data.hasPrefix("data:") ? data.split(separator: ",", maxSplits: 1).last.map(String.init) ?? "" : data
        guard let bytes = [UInt8](base64: base64), let text = String(validating: bytes, as: UTF8.self) else {
            throw .unsupported(
                part.name(of: "file_data"),
                "The file is no text in UTF-8, which is all that can be read here."
            )
        }
        self.text = (try part.text("filename")).map { "\($0):\n\(text)" } ?? text
    }
}
