internal import Harmony

/// Tools by the names that models call them by.
///
/// This is the one place where a name that a model wrote, be it a recipient in Harmony or the name in `tools/call`, becomes
/// a tool.
public struct ToolDirectory: Sendable {
    /// A tool and its full name.
    public struct Entry: Sendable {
        /// The namespace and the tool, such as `browser.search`; the name alone of a tool named like its namespace.
        public let name: String
        /// The tool.
        public let tool: any Tool
    }

    private let entries: [String: Entry]
    /// The names by which tools are found; full ones, but in the directory of one namespace.
    public let names: Set<String>

    /// The tools of `namespaces` by their full names.
    /// - Parameter wanted: The full names of those that may be called; nil for all.
    public init(of namespaces: [any ToolNamespace], wanted: [String]? = nil) {
        let entries = namespaces.flatMap { namespace in
            namespace.tools.map { Entry(name: Self.fullName(of: $0, in: namespace), tool: $0) }
        }
        self.init(entries.filter { wanted?.contains($0.name) ?? true }.map { ($0.name, $0) })
    }

    /// The tools of one namespace, and `cleanup_session`, also by their names alone.
    init(within namespace: any ToolNamespace) {
        let tools = namespace.tools + [CleanUpTool(namespace: namespace)]
        precondition(
            Set(tools.map(\.description.name)).count == tools.count,
            "two tools of one name in \(namespace.name)"
        )
        self.init(
            tools.flatMap { tool in
                let entry = Entry(name: Self.fullName(of: tool, in: namespace), tool: tool)
                return [(tool.description.name, entry), (entry.name, entry)]
            }
        )
    }

    private init(_ entries: [(String, Entry)]) {
        self.entries = Dictionary(entries) { first, _ in first }
        names = Set(self.entries.keys)
    }

    /// The tool that a model means by `written`; nil for none.
    ///
    /// Models write more than a name, and put prefixes in front of it: ``Harmony/ToolReply/toolName(in:among:)``.
    public subscript(written: String) -> Entry? {
        ToolReply.toolName(in: written, among: names).flatMap { entries[$0] }
    }

    /// The full names in order, for a sentence.
    public var list: String { Set(entries.values.map(\.name)).sorted().map { "`\($0)`" }.joined(separator: ", ") }

    private static func fullName(of tool: any Tool, in namespace: any ToolNamespace) -> String {
        let name = tool.description.name
        return name == namespace.name ? name : "\(namespace.name).\(name)"
    }
}
