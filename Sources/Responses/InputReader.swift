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
    private let tools: ToolDirectory

    /// - Parameters:
    ///   - callees: The calls of the conversation so far that have no answer.
    ///   - tools: All tools of ours, whatever the request declares.
    init(callees: [String: String] = [:], tools: ToolDirectory) {
        self.callees = callees
        self.tools = tools
    }

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
        case "function_call": try readClientCall(fields, name: fields.requiredText("name"), fields["arguments"])
        case "custom_tool_call":
            let input: JSONValue = ["input": .string(try fields.requiredText("input"))]
            try readClientCall(fields, name: fields.requiredText("name"), input)
        case "apply_patch_call": try readClientCall(fields, name: ClientTool.applyPatch.name, fields["operation"])
        case "local_shell_call": try readClientCall(fields, name: ClientTool.localShell.name, fields["action"])
        case "shell_call" where fields["environment"]?["type"] == "local":
            try readClientCall(fields, name: ClientTool.shell.name, fields["action"])
        case "function_call_output", "custom_tool_call_output", "apply_patch_call_output", "local_shell_call_output":
            try readOutput(fields)
        case "mcp_call": try readToolCall(fields)
        case "mcp_list_tools": listedLabels.insert(try fields.requiredText("server_label"))
        case "code_interpreter_call": try readCode(fields)
        case "shell_call": try readShellCall(fields)
        case "shell_call_output": try readOutput(fields)
        case "compaction": messages.append(try CompactionItem(fields).message)
        // What it asks for is read with the request.
        case "compaction_trigger": break
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
        for part in parts { texts.append(try PartText(part).text) }
        return texts
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
    /// - Parameter arguments: The text that the model wrote, or the object that it stands for.
    private mutating func readClientCall(
        _ fields: RequestFields,
        name: String,
        _ arguments: JSONValue?
    ) throws(ResponseError) {
        let name = "functions.\(name)"
        callees[try fields.requiredText("call_id")] = name
        let text = arguments?.string ?? arguments?.withoutNulls.description ?? "{}"
        messages.append(Message(callTo: name, text: text))
    }

    private mutating func readOutput(_ fields: RequestFields) throws(ResponseError) {
        // OpenAI names the call in `id` where the output is a local shell's.
        let id = if let id = try fields.text("call_id") { id } else { try fields.requiredText("id") }
        guard let name = callees[id] else {
            throw .invalid(fields.name(of: "call_id"), "No call before this item has the id `\(id.prefix(100))`.")
        }
        callees[id] = nil
        let text: String =
            switch fields["output"] {
            case .string(let text): text
            case .array: try texts(ofOutput: fields, isOurs: !name.hasPrefix("functions.")).joined(separator: "\n")
            case let value: value?.description ?? ""
            }
        answer(name, with: text)
    }

    /// The parts of what a tool answered, or what each command of a shell wrote.
    ///
    /// - Parameter isOurs: Whether the shell is ours, whose text says all.
    private func texts(ofOutput fields: RequestFields, isOurs: Bool) throws(ResponseError) -> [String] {
        var texts: [String] = []
        for part in try fields.objects("output") ?? [] {
            if part["type"] != nil {
                texts.append(try PartText(part).text)
            } else if isOurs {
                texts += [part["stdout"]?.string].compactMap(\.self)
            } else {
                texts += [part["stdout"], part["stderr"]].compactMap { $0?.string }.filter { !$0.isEmpty }
                if let code = part["outcome"]?["exit_code"]?.integer, code != 0 { texts.append("exit code: \(code)") }
                if part["outcome"]?["type"] == "timeout" { texts.append("The command took too long and was ended.") }
            }
        }
        return texts
    }

    private mutating func readToolCall(_ fields: RequestFields) throws(ResponseError) {
        let label = try fields.requiredText("server_label")
        let tool = try fields.requiredText("name")
        let namespace = RequestedTool.namespaceName(of: label) ?? label
        let name = tool == namespace ? tool : "\(namespace).\(tool)"
        let arguments = try fields.text("arguments") ?? "{}"
        let argument = tools[name]?.tool.description.textArgument
        let text = argument.flatMap { (try? JSONValue(parsing: arguments))?[$0]?.string }
        messages.append(Message(callTo: name, isCode: text != nil, text: text ?? arguments))
        let error = fields["error"].map { $0.string ?? $0["content"]?.array?.first?["text"]?.string ?? $0.description }
        answer(name, with: try fields.text("output") ?? error ?? "")
    }

    private mutating func readCode(_ fields: RequestFields) throws(ResponseError) {
        messages.append(Message(callTo: "python", isCode: true, text: try fields.text("code") ?? ""))
        let logs = fields["outputs"]?.array?.compactMap { $0["logs"]?.string } ?? []
        answer("python", with: logs.joined(separator: "\n"))
    }

    private mutating func readShellCall(_ fields: RequestFields) throws(ResponseError) {
        let commands = fields["action"]?["commands"]?.array?.compactMap(\.string) ?? []
        let words: JSONValue = ["bash", "-lc", .string(commands.joined(separator: "\n"))]
        callees[try fields.requiredText("call_id")] = "container.exec"
        messages.append(Message(callTo: "container.exec", text: JSONValue.object(["cmd": words]).description))
    }

    /// On the channel of the call, as the tools answer.
    private mutating func answer(_ name: String, with text: String) {
        let channel = name.hasPrefix("functions.") ? "commentary" : "analysis"
        messages.append(Message(role: .tool, name: name, recipient: "assistant", channel: channel, text: text))
    }
}

extension JSONValue {
    /// An object without the members that say nothing.
    fileprivate var withoutNulls: JSONValue {
        guard let object else { return self }
        return .object(JSONObject(object.filter { !$0.value.isNull }))
    }
}
