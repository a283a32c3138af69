internal import JSON
internal import MCP

/// What a call of a client's tool asks for, in the members that its item has, read from what the model wrote.
struct ClientCall: Sendable {
    /// The members of the item, beside those that all items have.
    let members: JSONObject

    /// - Throws: ``Unreadable``, for calls of functions and custom tools never.
    init(of style: ClientTool.Style, reading text: String) throws(Unreadable) {
        switch style {
        case .function: members = ["arguments": .string(text.isEmpty ? "{}" : text)]
        case .custom:
            // A model may leave the object out, for there is nothing but the text in it.
            let input = (try? ArgumentText(reading: text))?.members["input"]?.string
            members = ["input": .string(input ?? text)]
        case .applyPatch: members = ["operation": .object(try Self.operation(Self.arguments(text)))]
        case .shell:
            let arguments = try Self.arguments(text)
            members = [
                "action": [
                    "commands": .array(try Self.words("commands", of: arguments)),
                    "timeout_ms": .integer(arguments["timeout_ms"]), "max_output_length": .null,
                ],
                "environment": ["type": "local"],
            ]
        case .localShell:
            let arguments = try Self.arguments(text)
            members = [
                "action": [
                    "type": "exec", "command": .array(try Self.command(arguments)), "env": [:],
                    "timeout_ms": .integer(arguments["timeout_ms"]), "user": .null,
                    "working_directory": arguments["working_directory"]?.string.map { .string($0) } ?? .null,
                ]
            ]
        }
    }

    /// What is wrong with a call, as a sentence that the model can act on.
    struct Unreadable: Error {
        let sentence: String

        init(_ sentence: String) { self.sentence = sentence }
    }

    private static func arguments(_ text: String) throws(Unreadable) -> JSONObject {
        do throws(JSONError) {
            return try ArgumentText(reading: text).members
        } catch {
            throw Unreadable("The arguments have to be a JSON object: \(error).")
        }
    }

    private static func operation(_ arguments: JSONObject) throws(Unreadable) -> JSONObject {
        // Models that know OpenAI's item write it whole.
        let arguments = arguments["operation"]?.object ?? arguments
        guard let path = arguments["path"]?.string, !path.isEmpty else {
            throw Unreadable("`path` is missing: name the file.")
        }
        switch arguments["type"]?.string {
        case "delete_file": return ["type": "delete_file", "path": .string(path)]
        case let type? where ["create_file", "update_file"].contains(type):
            guard let diff = arguments["diff"]?.string else { throw Unreadable("`diff` is missing: write the change.") }
            return ["type": .string(type), "path": .string(path), "diff": .string(diff)]
        default: throw Unreadable("`type` has to be create_file, update_file or delete_file.")
        }
    }

    /// A program and its arguments; a line of a shell where the model writes one.
    private static func command(_ arguments: JSONObject) throws(Unreadable) -> [JSONValue] {
        if let line = arguments["command"]?.string { return ["bash", "-lc", .string(line)] }
        return try words("command", of: arguments)
    }

    private static func words(_ name: String, of arguments: JSONObject) throws(Unreadable) -> [JSONValue] {
        switch arguments[name] {
        case .string(let text)?: return [.string(text)]
        case .array(let words)? where !words.isEmpty && words.allSatisfy({ $0.string != nil }): return words
        default: throw Unreadable("`\(name)` has to be an array of strings.")
        }
    }
}

extension JSONValue {
    /// A whole number as it is, and null for all else.
    fileprivate static func integer(_ value: JSONValue?) -> JSONValue { value?.integer.map { .integer($0) } ?? .null }
}
