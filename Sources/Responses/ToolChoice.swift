internal import JSON

/// Which tools the model may call, and whether it has to.
enum ToolChoice: Sendable {
    case auto
    case none
    /// The first thing that the model does is to call one of these.
    case required([RequestedTool])
}

/// `tool_choice` of a request, read together with the tools that it is about.
struct ChosenTools: Sendable {
    /// The tools that may be called.
    let tools: [RequestedTool]
    let choice: ToolChoice

    /// Reads `tool_choice`.
    ///
    /// - Parameter declared: The tools that the request declares.
    /// - Throws: ``ResponseError`` for a tool that is not among them.
    init(_ fields: RequestFields, among declared: [RequestedTool]) throws(ResponseError) {
        switch fields["tool_choice"] {
        case nil, .string("auto"): (tools, choice) = (declared, .auto)
        case .string("none"): (tools, choice) = (declared, .none)
        case .string("required"): (tools, choice) = (declared, .required(declared))
        case .object(let object):
            let fields = RequestFields(object, path: "tool_choice.")
            guard object["type"] == "allowed_tools" else {
                (tools, choice) = (declared, .required(try Self.named(by: fields, among: declared)))
                return
            }
            // Chat Completions has them in an object of their own.
            let list = fields["allowed_tools"]?.object.map {
                RequestFields($0, path: fields.name(of: "allowed_tools."))
            }
            tools = try Self.allowed(list ?? fields, among: declared)
            choice = (list ?? fields)["mode"] == "required" ? .required(tools) : .auto
        default:
            throw ResponseError.invalid("tool_choice", "`tool_choice` is auto, none, required or a tool.")
        }
    }

    private static func allowed(
        _ fields: RequestFields,
        among declared: [RequestedTool]
    ) throws(ResponseError) -> [RequestedTool] {
        var allowed: [RequestedTool] = []
        for tool in try fields.objects("tools") ?? [] { allowed += try named(by: tool, among: declared) }
        return allowed
    }

    private static func named(
        by fields: RequestFields,
        among declared: [RequestedTool]
    ) throws(ResponseError) -> [RequestedTool] {
        let named = declared.compactMap { $0.narrowed(to: fields) }
        guard !named.isEmpty else {
            let name = fields["name"] ?? fields["function"]?["name"] ?? fields["server_label"] ?? fields["type"]
            throw .invalid("tool_choice", "The request declares no tool `\((name?.string ?? "").prefix(100))`.")
        }
        return named
    }
}

extension RequestedTool {
    /// What of the tool a choice means; nil if it means another.
    fileprivate func narrowed(to choice: RequestFields) -> RequestedTool? {
        let type = choice["type"]?.string ?? ""
        switch self {
        case .client(let tool):
            let name = choice["name"] ?? choice[type]?["name"]
            let isNamed = ![.function, .custom].contains(tool.style) || name?.string == tool.name
            return type == tool.style.type && isNamed ? self : nil
        case .namespace(let name, .mcp(let label), var filter):
            guard type == "mcp", choice["server_label"]?.string == label else { return nil }
            if let tool = choice["name"]?.string {
                guard filter.names?.contains(tool) ?? true else { return nil }
                filter.names = [tool]
            }
            return .namespace(name, .mcp(label: label), filter)
        case .namespace(_, .codeInterpreter, _): return type == "code_interpreter" ? self : nil
        case .namespace(_, .webSearch, _): return type.hasPrefix("web_search") ? self : nil
        case .namespace(_, .shell, _): return ["shell", "container"].contains(type) ? self : nil
        }
    }
}

extension ClientTool.Style {
    /// The type of the tool in a request.
    fileprivate var type: String {
        switch self {
        case .function: "function"
        case .custom: "custom"
        case .applyPatch: "apply_patch"
        case .shell: "shell"
        case .localShell: "local_shell"
        }
    }
}
