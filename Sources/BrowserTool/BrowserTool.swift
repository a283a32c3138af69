internal import Browsing
internal import JSON
internal import MCP
internal import Sessions

/// One of the three functions of the browser.
struct BrowserTool: Tool {
    enum Function: String, CaseIterable {
        case search
        case open
        case find
    }

    private let function: Function
    private let sessions: SessionRegistry<BrowserState>

    init(_ function: Function, sessions: SessionRegistry<BrowserState>) {
        self.function = function
        self.sessions = sessions
    }

    var description: ToolDescription { function.description }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let operation: @Sendable (inout Browser) async -> BrowsingResult
        do throws(CallArguments.Refusal) {
            operation = try self.operation(CallArguments(call.arguments, of: function))
        } catch {
            return ToolResult(text: error.text, isError: true)
        }
        do {
            return try await sessions.use(SessionUse(call.session.session, client: call.session.client)) { browser, _ in
                let result = await browser.run(operation)
                try Task.checkCancellation()
                return ToolResult(result, citations: browser.citations)
            }
        } catch let error as SessionError {
            return ToolResult(text: BrowserTool.sentence(for: error), isError: true)
        }
    }

    private static func sentence(for error: SessionError) -> String {
        switch error.code {
        case .tooManySessions: "Too many browsers are open, and all are in use. Try again in a moment."
        case .tooManyWaiting: "Too many calls wait for this browser already. Wait for their results first."
        case .ended: "The session was ended while the call waited. Begin again with a search, or open a URL."
        case .networkDiffers, .networkNotOffered, .imageDiffers, .imageNotOffered, .callTooLong, .lost, .noPlaceInTime,
            .unavailable:
            "The browser is not available right now. Try again in a few seconds."
        }
    }

    /// What a call does to its browser.
    private func operation(
        _ arguments: CallArguments
    ) throws(CallArguments.Refusal) -> @Sendable (inout Browser) async -> BrowsingResult {
        switch function {
        case .search:
            let query = try arguments.text("query", meaning: "what to look for")
            return { await $0.search(query) }
        case .open:
            var request = Browser.OpenRequest()
            request.id = arguments["id"]
            request.cursor = arguments["cursor"]
            (request.line, request.lineCount) = try arguments.lines()
            request.viewsSource = try arguments.truth("view_source")
            return { [request] in await $0.open(request) }
        case .find:
            let pattern = try arguments.text("pattern", meaning: "the text to find in the page")
            let cursor = arguments["cursor"]
            return { await $0.find(pattern, cursor: cursor) }
        }
    }
}

extension ToolResult {
    fileprivate init(_ result: BrowsingResult, citations: Citations) {
        var meta: JSONObject = [:]
        if let provenance = result.provenance {
            meta["dev.harmonium/page"] = JSONValue(provenance)
            meta["dev.harmonium/citations"] = citations.json
        }
        self.init(content: [.text(result.text)], isError: result.isError, meta: meta)
    }
}

extension JSONValue {
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
