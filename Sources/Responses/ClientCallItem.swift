internal import JSON

/// A call that the client carries out, on its way into the response, in the form in which the request declared the tool.
struct ClientCallItem: Sendable {
    private let tool: ClientTool
    private let id: String
    /// What the client's answer names the call by.
    let callID: String
    /// What the model writes.
    private var text = ""
    private var index: Int?

    init(_ tool: ClientTool) {
        self.tool = tool
        callID = ItemID.make("call")
        switch tool.style {
        case .function: id = ItemID.make("fc")
        case .custom: id = ItemID.make("ctc")
        case .applyPatch: id = ItemID.make("apc")
        case .shell: id = ItemID.make("sh")
        case .localShell: id = ItemID.make("lsh")
        }
    }

    /// Shows that the call begins; what is known only at its end shows then.
    mutating func begin(_ writer: ResponseWriter) async {
        guard tool.style == .function else { return }
        index = await writer.add(item("in_progress", ["arguments": ""]))
    }

    /// Takes more of what the model writes.
    mutating func append(_ piece: String, _ writer: ResponseWriter) async {
        text += piece
        guard let index else { return }
        await writer.event("response.function_call_arguments.delta", of: index, ["delta": .string(piece)])
    }

    /// Shows that the model has written all of it, which ends the call here.
    ///
    /// - Throws: ``ClientCall/Unreadable`` for what is no such call, of which nothing shows.
    mutating func end(_ writer: ResponseWriter) async throws(ClientCall.Unreadable) {
        let call = try ClientCall(of: tool.style, reading: text)
        switch tool.style {
        case .function: await endFunction(call.members, writer)
        case .custom: await showInput(call.members, writer)
        case .shell: await showCommands(call.members, writer)
        case .applyPatch, .localShell:
            let index = await writer.add(item("in_progress", call.members))
            await writer.finish(item("completed", call.members), at: index)
        }
    }

    /// Shows that the model was cut while it wrote, if the call shows yet.
    mutating func cut(_ writer: ResponseWriter) async {
        guard let index else { return }
        await writer.finish(item("incomplete", ["arguments": .string(text)]), at: index)
    }

    private mutating func endFunction(_ members: JSONObject, _ writer: ResponseWriter) async {
        guard let index else { preconditionFailure("the end of a call that has not begun") }
        if text.isEmpty { await append("{}", writer) }
        let event = members.merging(["name": .string(tool.name)])
        await writer.event("response.function_call_arguments.done", of: index, event)
        await writer.finish(item("completed", members), at: index)
    }

    private func showInput(_ members: JSONObject, _ writer: ResponseWriter) async {
        let index = await writer.add(item("in_progress", ["input": ""]))
        let input = members["input"] ?? ""
        await writer.event("response.custom_tool_call_input.delta", of: index, ["delta": input])
        await writer.event("response.custom_tool_call_input.done", of: index, ["input": input])
        await writer.finish(item("completed", members), at: index)
    }

    private func showCommands(_ members: JSONObject, _ writer: ResponseWriter) async {
        var begun = members["action"]?.object ?? [:]
        begun["commands"] = []
        let index = await writer.add(item("in_progress", members.merging(["action": .object(begun)])))
        await writer.showCommands(members["action"]?["commands"]?.array ?? [], at: index)
        await writer.finish(item("completed", members), at: index)
    }

    private func item(_ status: String, _ members: JSONObject) -> JSONObject {
        var item: JSONObject = [
            "id": .string(id), "type": .string(type), "status": .string(status), "call_id": .string(callID),
        ]
        if [.function, .custom].contains(tool.style) { item["name"] = .string(tool.name) }
        return item.merging(members)
    }

    private var type: String {
        switch tool.style {
        case .function: "function_call"
        case .custom: "custom_tool_call"
        case .applyPatch: "apply_patch_call"
        case .shell: "shell_call"
        case .localShell: "local_shell_call"
        }
    }
}
