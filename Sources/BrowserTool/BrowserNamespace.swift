public import Browsing
public import MCP
public import Sessions
public import Tokenizer

/// The namespace `browser` as models were trained on it: search, open and find.
public struct BrowserNamespace: ToolNamespace {
    private let registry: SessionRegistry<BrowserState>

    /// The sessions, as an operator sees them.
    public var sessions: any ToolSessions { registry }

    /// A namespace whose pages come from `source`.
    ///
    /// - Parameters:
    ///   - encoding: Counts tokens; without one a token is taken for four characters.
    ///   - settings: How pages are shown and kept, for each session.
    ///   - limits: How many sessions are kept, and for how long.
    public init(
        source: any PageSource,
        encoding: Encoding?,
        settings: Browser.Settings = Browser.Settings(),
        limits: SessionLimits = SessionLimits(roomIdle: .zero, waitingMax: MCPConnection.requestsMax)
    ) {
        registry = SessionRegistry(limits: limits) { _ in
            BrowserState(Browser(source: source, encoding: encoding, settings: settings))
        }
    }

    /// The name that serving layers look for.
    public var name: String { "browser" }

    /// The text that gpt-oss models were trained with. Source: the reference's MCP server.
    public var instructions: String {
        """
        Tool for browsing.
        The `cursor` appears in brackets before each browsing display: `[{cursor}]`.
        Cite information from the tool using the following format:
        `【{cursor}†L{line_start}(-L{line_end})?】`, for example: `【6†L9-L11】` or `【8†L3】`.
        Do not quote more than 10 words directly from the tool output.
        sources=web
        """
    }

    /// The three tools, in the order in which models know them.
    public var tools: [any Tool] { BrowserTool.Function.allCases.map { BrowserTool($0, sessions: registry) } }

    /// What citations of a session's cursors lead to.
    public var resources: (any ResourceStore)? { CitationResources(sessions: registry) }

    /// Forgets the session's pages; what runs on it ends with its call.
    public func cleanUp(_ session: SessionKey) async { _ = await registry.end(session.session) }
}
