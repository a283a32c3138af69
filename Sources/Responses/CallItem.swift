internal import JSON
internal import MCP

/// A call of a tool of ours on its way into the response, in the form that the request declared.
struct CallItem: Sendable {
    /// How the call shows.
    enum Form: Sendable {
        case mcp(label: String, name: String, textArgument: String?)
        case codeInterpreter
        case webSearch(name: String)
        case shell
    }

    private let form: Form
    private let id: String
    private let callID: String
    private let containerID: String
    private let showsOutputs: Bool
    private let streamsOutput: Bool
    /// The arguments as the client sees them.
    private var text = ""
    private var index: Int?
    /// The item of a shell's output.
    private var outputIndex: Int?
    private var outputID = ""

    /// - Parameters:
    ///   - containerID: The name of the session in which code runs.
    ///   - showsOutputs: Whether what code prints is shown beside it.
    ///   - streamsOutput: Whether output has an event of ours where the form has no place for it.
    init(_ form: Form, containerID: String, showsOutputs: Bool, streamsOutput: Bool) {
        self.form = form
        self.containerID = containerID
        self.showsOutputs = showsOutputs
        self.streamsOutput = streamsOutput
        callID = ItemID.make("call")
        switch form {
        case .mcp: id = ItemID.make("mcp")
        case .codeInterpreter: id = ItemID.make("ci")
        case .webSearch: id = ItemID.make("ws")
        case .shell: id = ItemID.make("sh")
        }
    }
}

// While the model writes the call.
extension CallItem {
    /// Shows that the call begins; what is known only at its end shows then.
    mutating func begin(_ writer: ResponseWriter) async {
        switch form {
        case .mcp(_, _, let textArgument):
            index = await writer.add(item("in_progress"))
            await event("response.mcp_call.in_progress", writer)
            if let textArgument { await show("{\(JSONValue.string(textArgument).description):\"", writer) }
        case .codeInterpreter:
            index = await writer.add(item("in_progress"))
            await event("response.code_interpreter_call.in_progress", writer)
        case .webSearch, .shell: break
        }
    }

    /// Shows more of what the model writes.
    mutating func append(_ piece: String, _ writer: ResponseWriter) async {
        if case .mcp(_, _, .some) = form {
            // By bytes: to Swift, a quote and an accent that follows it are one character.
            await show(
                String(decoding: JSONValue.string(piece).encoded().dropFirst().dropLast(), as: UTF8.self),
                writer
            )
        } else {
            await show(piece, writer)
        }
    }

    /// Shows that the model has written all of it.
    mutating func endArguments(_ writer: ResponseWriter) async {
        switch form {
        case .mcp(_, _, let textArgument):
            if textArgument != nil { await show("\"}", writer) }
            if text.isEmpty { await show("{}", writer) }
            await event("response.mcp_call_arguments.done", writer, with: ["arguments": .string(text)])
        case .codeInterpreter:
            await event("response.code_interpreter_call_code.done", writer, with: ["code": .string(text)])
        case .webSearch:
            index = await writer.add(item("in_progress"))
            await event("response.web_search_call.in_progress", writer)
            await event("response.web_search_call.searching", writer)
        case .shell: await showCommand(writer)
        }
    }

    /// Shows that the model was cut while it wrote.
    mutating func cut(_ writer: ResponseWriter) async {
        if index == nil { index = await writer.add(item("in_progress")) }
        await finish("incomplete", writer)
    }

    private mutating func show(_ piece: String, _ writer: ResponseWriter) async {
        text += piece
        let type: String? =
            switch form {
            case .mcp: "response.mcp_call_arguments.delta"
            case .codeInterpreter: "response.code_interpreter_call_code.delta"
            case .webSearch, .shell: nil
            }
        if let type { await event(type, writer, with: ["delta": .string(piece)]) }
    }

    private mutating func showCommand(_ writer: ResponseWriter) async {
        var begun = item("in_progress")
        begun["action"] = Self.action([])
        let index = await writer.add(begun)
        self.index = index
        await writer.showCommands([.string(ShellCommand(arguments: text).text)], at: index)
        await finish("completed", writer)
    }
}

// While the tool runs.
extension CallItem {
    /// Shows that the tool begins.
    mutating func beginRun(_ writer: ResponseWriter) async {
        switch form {
        case .codeInterpreter: await event("response.code_interpreter_call.interpreting", writer)
        case .shell:
            outputID = ItemID.make("sho")
            outputIndex = await writer.add(outputItem("in_progress", []))
        case .mcp, .webSearch: break
        }
    }

    /// Shows what the tool writes, where the form has a place for it.
    func showOutput(_ piece: String, _ writer: ResponseWriter) async {
        if let outputIndex {
            await writer.event(
                "response.shell_call_output_content.delta",
                of: outputIndex,
                ["command_index": 0, "delta": ["stdout": .string(piece), "stderr": .null]]
            )
        } else if streamsOutput {
            await event("harmonium:tool_output.delta", writer, with: ["delta": .string(piece)])
        }
    }

    /// Shows how the tool ended, with the text that the model reads.
    mutating func endRun(_ output: String, isError: Bool, meta: JSONObject, _ writer: ResponseWriter) async {
        switch form {
        case .mcp:
            let error: JSONValue = [
                "type": "mcp_tool_execution_error", "content": [["type": "text", "text": .string(output)]],
            ]
            await event(isError ? "response.mcp_call.failed" : "response.mcp_call.completed", writer)
            var done = item(isError ? "failed" : "completed")
            done[isError ? "error" : "output"] = isError ? error : .string(output)
            await finish(done, writer)
        case .codeInterpreter:
            await event("response.code_interpreter_call.completed", writer)
            var done = item("completed")
            done["outputs"] = showsOutputs ? [["type": "logs", "logs": .string(output)]] : .null
            await finish(done, writer)
        case .webSearch:
            await event("response.web_search_call.completed", writer)
            await finish(isError ? "failed" : "completed", writer)
        case .shell: await endCommand(output, run: meta["dev.harmonium/run"], writer)
        }
    }

    private func endCommand(_ output: String, run: JSONValue?, _ writer: ResponseWriter) async {
        guard let outputIndex else { return }
        let outcome: JSONValue =
            run?["timed_out"]?.bool == true
            ? ["type": "timeout"] : ["type": "exit", "exit_code": .integer(run?["exit_code"]?.integer ?? 0)]
        let outputs: [JSONValue] = [["stdout": .string(output), "stderr": "", "outcome": outcome]]
        await writer.event(
            "response.shell_call_output_content.done",
            of: outputIndex,
            ["command_index": 0, "output": .array(outputs)]
        )
        await writer.finish(outputItem("completed", outputs), at: outputIndex)
    }
}

// The items.
extension CallItem {
    private func event(_ type: String, _ writer: ResponseWriter, with members: JSONObject = [:]) async {
        guard let index else { preconditionFailure("\(type) of a call that does not show") }
        await writer.event(type, of: index, members)
    }

    private func finish(_ status: String, _ writer: ResponseWriter) async { await finish(item(status), writer) }

    private func finish(_ item: JSONObject, _ writer: ResponseWriter) async {
        guard let index else { preconditionFailure("the end of a call that does not show") }
        await writer.finish(item, at: index)
    }

    private func item(_ status: String) -> JSONObject {
        let head: JSONObject = ["id": .string(id), "type": .string(type), "status": .string(status)]
        return head.merging(members)
    }

    private var type: String {
        switch form {
        case .mcp: "mcp_call"
        case .codeInterpreter: "code_interpreter_call"
        case .webSearch: "web_search_call"
        case .shell: "shell_call"
        }
    }

    private var members: JSONObject {
        switch form {
        case .mcp(let label, let name, _):
            [
                "approval_request_id": .null, "arguments": .string(text), "error": .null, "name": .string(name),
                "output": .null, "server_label": .string(label),
            ]
        case .codeInterpreter:
            ["code": .string(text), "container_id": .string(containerID), "outputs": showsOutputs ? [] : .null]
        case .webSearch(let name): ["action": SearchAction(of: name, arguments: text).json]
        case .shell:
            [
                "call_id": .string(callID), "action": Self.action([.string(ShellCommand(arguments: text).text)]),
                "environment": .null,
            ]
        }
    }

    private static func action(_ commands: [JSONValue]) -> JSONValue {
        ["commands": .array(commands), "max_output_length": .null, "timeout_ms": .null]
    }

    private func outputItem(_ status: String, _ output: [JSONValue]) -> JSONObject {
        [
            "id": .string(outputID), "type": "shell_call_output", "status": .string(status),
            "call_id": .string(callID), "max_output_length": .null, "output": .array(output),
        ]
    }
}
