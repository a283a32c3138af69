internal import Harmony
internal import JSON

/// A tool that the client carries out. To the model each is a function; in which form its calls show depends on how the
/// request declared it.
struct ClientTool: Sendable, Equatable {
    /// How the request declared it, and so how calls show.
    enum Style: Sendable, Equatable {
        case function
        case custom
        case applyPatch
        case shell
        case localShell
    }

    let style: Style
    /// The name after `functions.`.
    let name: String
    let description: String
    let parameters: JSONValue?

    /// The model's name for it.
    var recipient: String { "functions.\(name)" }

    var declaration: ToolDeclaration {
        ToolDeclaration(name: name, description: description, parameters: parameters)
    }
}

extension ClientTool {
    /// A function of the client's own.
    init(function fields: RequestFields) throws(ResponseError) {
        // Chat Completions nests what Responses has flat; clients mix them up.
        let inner = fields["function"]?.object.map { RequestFields($0, path: fields.name(of: "function.")) } ?? fields
        let parameters = inner["parameters"]
        guard parameters == nil || parameters?.object != nil else {
            throw ResponseError.invalid(inner.name(of: "parameters"), "Parameters are a JSON schema, an object.")
        }
        self.init(
            style: .function,
            name: try Self.name(inner),
            description: try inner.text("description") ?? "",
            parameters: parameters
        )
    }

    /// A tool whose input is one text, of a grammar where the client names one.
    init(custom fields: RequestFields) throws(ResponseError) {
        let inner = fields["custom"]?.object.map { RequestFields($0, path: fields.name(of: "custom.")) } ?? fields
        var lines = [try inner.text("description")].compactMap(\.self)
        // Responses has the grammar flat, Chat Completions in an object.
        let format = inner["format"]
        let grammar = format?["grammar"] ?? format
        if format?["type"] == "grammar", let definition = grammar?["definition"]?.string {
            lines.append("The input follows this grammar (\(grammar?["syntax"]?.string ?? "lark")):\n\(definition)")
        }
        self.init(
            style: .custom,
            name: try Self.name(inner),
            description: lines.joined(separator: "\n"),
            parameters: Self.object(["input": ["type": "string"]], required: ["input"])
        )
    }

    /// OpenAI's `apply_patch`: one file for each call.
    static let applyPatch = ClientTool(
        style: .applyPatch,
        name: "apply_patch",
        description: """
            Creates, updates or deletes one file.
            The diff of create_file is the whole file, each line with + before it. The diff of update_file has hunks: a line \
            that begins with @@, then the lines with a space before those that stay, - before those that go and + before \
            those that come. delete_file has no diff.
            """,
        parameters: object(
            [
                "type": ["type": "string", "enum": ["create_file", "update_file", "delete_file"]],
                "path": ["type": "string"], "diff": ["type": "string"],
            ],
            required: ["type", "path"]
        )
    )

    /// OpenAI's `shell` where the client runs the commands.
    static let shell = ClientTool(
        style: .shell,
        name: "shell",
        description: "Runs commands of a shell on the user's machine, one after the other.",
        parameters: object(
            ["commands": ["type": "array", "items": ["type": "string"]], "timeout_ms": ["type": "number"]],
            required: ["commands"]
        )
    )

    /// OpenAI's `local_shell`.
    static let localShell = ClientTool(
        style: .localShell,
        name: "local_shell",
        description: "Runs a program with its arguments on the user's machine.",
        parameters: object(
            [
                "command": ["type": "array", "items": ["type": "string"]], "working_directory": ["type": "string"],
                "timeout_ms": ["type": "number"],
            ],
            required: ["command"]
        )
    )

    private static func object(_ properties: JSONObject, required: [JSONValue]) -> JSONValue {
        ["type": "object", "properties": .object(properties), "required": .array(required)]
    }

    private static func name(_ fields: RequestFields) throws(ResponseError) -> String {
        let name = try fields.requiredText("name")
        let isName = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
        guard isName, 1...128 ~= name.utf8.count else {
            throw ResponseError.invalid(fields.name(of: "name"), "A tool's name has 1 to 128 of A-Z a-z 0-9 _ and -.")
        }
        return name
    }
}
