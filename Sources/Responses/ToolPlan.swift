internal import Harmony
internal import JSON
internal import MCP
internal import ToolLoop

/// The tools of one request: how the prompt declares them, and what a call of the model's is for.
struct ToolPlan: Sendable {
    /// What a recipient means.
    enum Target: Sendable {
        /// A tool of ours, and how its calls show.
        case own(ToolDirectory.Entry, ItemStyle)
        /// A tool of the client's.
        case client(ClientTool)
        /// No tool that there is.
        case unknown
    }

    /// Our tools that may be called.
    let directory: ToolDirectory
    /// All tools of ours.
    let served: ToolDirectory
    /// What the system message declares.
    let builtIn: [String: NamespaceDeclaration]
    /// What the developer message declares.
    let functions: [ToolDeclaration]
    /// The MCP servers whose tools are listed, in the order of the request.
    let listings: [Listing]
    /// The recipients of which the model has to call one first, in order; none where it need not.
    let required: [String]

    private let styles: [String: ItemStyle]
    private let clients: [String: ClientTool]
    private let names: Set<String>

    /// The tools of a server as `mcp_list_tools` has them.
    struct Listing: Sendable {
        let label: String
        let tools: [JSONValue]
    }

    /// Plans for the tools of `request`, of which ours are among `namespaces`.
    init(for request: ResponseRequest, among namespaces: [any ToolNamespace]) {
        var plan = Draft()
        if case .none = request.toolChoice {} else { plan.add(request.tools, among: namespaces) }
        directory = ToolDirectory(of: namespaces, wanted: Array(plan.styles.keys))
        served = ToolDirectory(of: namespaces)
        builtIn = plan.builtIn
        functions = plan.functions
        listings = plan.listings
        styles = plan.styles
        clients = plan.clients
        names = plan.names
        var required = Draft()
        if case .required(let tools) = request.toolChoice { required.add(tools, among: namespaces) }
        self.required = required.names.sorted()
    }

    /// What the model means by a recipient.
    func target(of recipient: String) -> Target {
        guard let name = ToolReply.toolName(in: recipient, among: names) else { return .unknown }
        if let style = styles[name], let entry = directory[name] { return .own(entry, style) }
        return clients[name].map { .client($0) } ?? .unknown
    }

    /// Whether the text of a call is an argument of its own, and no JSON.
    func isCode(_ recipient: String) -> Bool { directory[recipient]?.tool.description.textArgument != nil }

    /// What a model reads that calls a tool which is not there.
    func refusal(of recipient: String) -> String {
        let list = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
        return names.isEmpty
            ? "There are no tools. Answer without them."
            : "There is no tool `\(recipient.prefix(100))`. The tools are: \(list)."
    }
}

/// A plan that grows by one requested tool at a time.
private struct Draft {
    var styles: [String: ItemStyle] = [:]
    var clients: [String: ClientTool] = [:]
    var builtIn: [String: NamespaceDeclaration] = [:]
    var functions: [ToolDeclaration] = []
    var listings: [ToolPlan.Listing] = []

    /// The recipients that there are.
    var names: Set<String> { Set(styles.keys).union(clients.keys) }

    // Of what is asked for twice, the first counts: a call shows once.
    mutating func add(_ tools: [RequestedTool], among namespaces: [any ToolNamespace]) {
        for tool in tools {
            switch tool {
            case .client(let tool):
                guard clients[tool.recipient] == nil else { continue }
                clients[tool.recipient] = tool
                functions.append(tool.declaration)
            case .namespace(let name, let style, let filter):
                guard builtIn[name] == nil, let namespace = namespaces.first(where: { $0.name == name }) else {
                    continue
                }
                add(namespace, as: style, filter)
            }
        }
    }

    private mutating func add(_ namespace: any ToolNamespace, as style: ItemStyle, _ filter: ToolFilter) {
        // A tool that is named like its namespace is not listed in a prompt, and called by the namespace's name.
        let tools = namespace.tools.map(\.description).filter {
            (!$0.isHiddenFromPrompt || $0.name == namespace.name) && filter.allows($0)
        }
        let all = ToolDirectory(of: [namespace])
        for tool in tools {
            guard let name = all["\(namespace.name).\(tool.name)"]?.name else { continue }
            styles[name] = style
        }
        builtIn[namespace.name] = NamespaceDeclaration(
            name: namespace.name,
            description: namespace.instructions,
            tools: tools.filter { $0.name != namespace.name }.map {
                ToolDeclaration(name: $0.name, description: $0.description, parameters: $0.inputSchema)
            }
        )
        guard case .mcp(let label) = style else { return }
        let listed = tools.map { tool -> JSONValue in
            [
                "name": .string(tool.name), "description": .string(tool.description),
                "input_schema": tool.inputSchema, "annotations": .null,
            ]
        }
        listings.append(ToolPlan.Listing(label: label, tools: listed))
    }
}
