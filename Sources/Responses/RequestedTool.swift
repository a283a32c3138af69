internal import JSON
internal import MCP

/// A tool that a request declares, and how its calls show in the response.
enum RequestedTool: Sendable {
    /// A tool of the client's: its calls are handed out, and end the response.
    case client(ClientTool)
    /// Tools of one of our namespaces.
    case namespace(String, ItemStyle, ToolFilter)
}

/// The form in which the calls of a namespace's tools show: what the request declared, and no other.
enum ItemStyle: Sendable, Equatable {
    case mcp(label: String)
    case codeInterpreter
    case webSearch
    case shell
}

/// Which tools of a namespace may be called.
struct ToolFilter: Sendable, Equatable {
    /// Their names; nil for all.
    var names: [String]?
    var isReadOnly = false

    func allows(_ tool: ToolDescription) -> Bool {
        (names?.contains(tool.name) ?? true) && (!isReadOnly || tool.hints.isReadOnly == true)
    }
}

extension RequestedTool {
    /// The names by which serving layers and clients know our namespaces, beside their own.
    private static let labels = [
        "python": "python", "code_interpreter": "python", "browser": "browser", "web_search": "browser",
        "web_search_preview": "browser", "container": "container", "shell": "container",
    ]

    /// The namespace that a label means; nil for none of ours.
    static func namespaceName(of label: String) -> String? { labels[label] }

    /// Reads one tool of a request.
    ///
    /// - Parameter served: The names of the namespaces that there are.
    init(_ fields: RequestFields, served: Set<String>) throws(ResponseError) {
        let type = try fields.requiredText("type")
        switch type {
        case "function": self = .client(try ClientTool(function: fields))
        case "custom": self = .client(try ClientTool(custom: fields))
        case "apply_patch": self = .client(.applyPatch)
        case "local_shell": self = .client(.localShell)
        case "shell" where fields["environment"]?["type"] == "local": self = .client(.shell)
        case "mcp": self = try Self.mcp(fields, served: served)
        case "code_interpreter": self = try Self.own("python", as: .codeInterpreter, fields, served: served)
        case "shell", "container": self = try Self.own("container", as: .shell, fields, served: served)
        case _ where type.hasPrefix("web_search"):
            self = try Self.own("browser", as: .webSearch, fields, served: served)
        default:
            throw ResponseError.unsupported(
                fields.name(of: "type"),
                "There are no tools of the type `\(type.prefix(100))` here; there are function, custom, mcp, "
                    + "code_interpreter, web_search, shell, local_shell and apply_patch."
            )
        }
    }

    private static func mcp(_ fields: RequestFields, served: Set<String>) throws(ResponseError) -> RequestedTool {
        let label = try fields.requiredText("server_label")
        guard let name = namespaceName(of: label) else {
            throw ResponseError.unsupported(
                fields.name(of: "server_label"),
                "There is no MCP server `\(label.prefix(100))` here; there are \(served.sorted().joined(separator: ", "))."
            )
        }
        switch fields["require_approval"] {
        case nil, .string("never"): break
        default:
            throw ResponseError.unsupported(
                fields.name(of: "require_approval"),
                "The tools here run in a sandbox and ask for no approval: leave `require_approval` out, or set it to never."
            )
        }
        return try own(name, as: .mcp(label: label), fields, served: served)
    }

    private static func own(
        _ name: String,
        as style: ItemStyle,
        _ fields: RequestFields,
        served: Set<String>
    ) throws(ResponseError) -> RequestedTool {
        guard served.contains(name) else {
            throw ResponseError.unsupported(
                fields.name(of: "type"),
                "The tool `\(name)` is not served here; name it in the setting server.tools."
            )
        }
        return .namespace(name, style, try ToolFilter(fields))
    }
}

extension ToolFilter {
    fileprivate init(_ fields: RequestFields) throws(ResponseError) {
        switch fields["allowed_tools"] {
        case nil: break
        case .array(let names): self.names = names.compactMap(\.string)
        case .object(let filter):
            names = filter["tool_names"]?.array?.compactMap(\.string)
            isReadOnly = filter["read_only"]?.bool ?? false
        case .null, .bool, .integer, .unsigned, .number, .string:
            throw ResponseError.invalid(
                fields.name(of: "allowed_tools"),
                "`allowed_tools` is an array of names, or an object with `tool_names` and `read_only`."
            )
        }
    }
}
