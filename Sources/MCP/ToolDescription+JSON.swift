internal import JSON

extension ToolDescription {
    /// The tool as `tools/list` shows it.
    ///
    /// Clients differ in where they look for what to hide from the prompt, so both places say it.
    var json: JSONValue {
        var annotations: JSONObject = [:]
        annotations["readOnlyHint"] = hints.isReadOnly.map(JSONValue.bool)
        annotations["destructiveHint"] = hints.isDestructive.map(JSONValue.bool)
        annotations["idempotentHint"] = hints.isIdempotent.map(JSONValue.bool)
        annotations["openWorldHint"] = hints.isOpenWorld.map(JSONValue.bool)
        if isHiddenFromPrompt { annotations[MetaKey.isInPrompt] = false }

        var tool: JSONObject = [
            "name": .string(name), "description": .string(description), "inputSchema": inputSchema,
        ]
        tool["title"] = title.map(JSONValue.string)
        if !annotations.isEmpty { tool["annotations"] = .object(annotations) }
        if isHiddenFromPrompt { tool["_meta"] = [MetaKey.isInPrompt: false] }
        return .object(tool)
    }
}
