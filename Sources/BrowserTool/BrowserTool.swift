internal import Browsing
internal import MCP

/// One of the three functions of the browser.
struct BrowserTool: Tool {
    enum Function: String, CaseIterable {
        case search
        case open
        case find
    }

    private let function: Function
    private let sessions: BrowserSessions

    init(_ function: Function, sessions: BrowserSessions) {
        self.function = function
        self.sessions = sessions
    }

    var description: ToolDescription { function.description }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let arguments = call.arguments
        let operation: @Sendable (inout Browser) async -> BrowsingResult
        switch function {
        case .search:
            guard let query = arguments["query"]?.text else {
                return .missing("query", of: "search", "what to look for")
            }
            operation = { await $0.search(query) }
        case .open:
            let request = BrowserTool.openRequest(arguments)
            operation = { await $0.open(request) }
        case .find:
            guard let pattern = arguments["pattern"]?.text else {
                return .missing("pattern", of: "find", "the text to find in the page")
            }
            let cursor = BrowsingArgument(arguments["cursor"])
            operation = { await $0.find(pattern, cursor: cursor) }
        }
        let result = await sessions.session(call.session.id).run(operation)
        try Task.checkCancellation()
        return ToolResult(
            content: [.text(result.text)],
            isError: result.isError,
            structuredContent: result.provenance.map(JSONValue.init)
        )
    }

    private static func openRequest(_ arguments: [String: JSONValue]) -> Browser.OpenRequest {
        var request = Browser.OpenRequest()
        request.id = BrowsingArgument(arguments["id"])
        request.cursor = BrowsingArgument(arguments["cursor"])
        request.line = BrowsingArgument(arguments["loc"]).wholeNumber ?? -1
        request.lineCount = BrowsingArgument(arguments["num_lines"]).wholeNumber ?? -1
        request.viewsSource = arguments["view_source"]?.bool ?? (arguments["view_source"]?.string == "true")
        return request
    }
}

extension ToolResult {
    /// Says to the model what a call lacks.
    fileprivate static func missing(_ name: String, of function: String, _ meaning: String) -> ToolResult {
        ToolResult(text: "\(function) takes a string, \"\(name)\": \(meaning).", isError: true)
    }
}

extension JSONValue {
    /// Text, also of a number, which models write without quotes.
    fileprivate var text: String? {
        switch self {
        case .string(let value): value
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .null, .bool, .array, .object, .ordered: nil
        }
    }

    /// Where a display comes from, for programs.
    fileprivate init(_ provenance: BrowsingResult.Provenance) {
        self = [
            "cursor": .integer(provenance.cursor), "url": .string(provenance.url),
            "requested_url": provenance.requestedURL.map { .string($0) } ?? .null, "title": .string(provenance.title),
            "content_type": .string(provenance.contentType),
            "lines": [.integer(provenance.lines.lowerBound), .integer(provenance.lines.upperBound - 1)],
            "line_count": .integer(provenance.lineCount), "truncated": .bool(provenance.isTruncated),
            "rendered": .bool(provenance.isRendered), "hidden_text_dropped": .bool(provenance.hasHiddenText),
        ]
    }
}

extension BrowsingArgument {
    /// An argument as a model wrote it; what is not there is the newest.
    fileprivate init(_ json: JSONValue?) {
        self =
            switch json {
            case nil: .integer(-1)
            case .null: .null
            case .integer(let value): .integer(value)
            case .number(let value): .number(value)
            case .string(let value): .text(value)
            case .bool(let value): .truth(value)
            case .array: .list
            case .object, .ordered: .object
            }
    }
}
