import Browsing
import JSON
import MCP
import TestSupport
import Testing

@testable import BrowserTool

/// What models write for arguments: each is understood, or refused with what to write, and none shows another page.
@Suite(.bounded) struct ArgumentTests {
    /// A call on a session whose cursors are 0, a list of links, and 1, the long page that is the newest.
    private func call(_ function: BrowserTool.Function, _ arguments: JSONObject) async throws -> ToolResult {
        let namespace = BrowserNamespace(source: TwoPages(), encoding: nil)
        let key = SessionKey(id: "a", endsWithConnection: false)
        func call(_ name: String, _ arguments: JSONObject) async throws -> ToolResult {
            let tool = try #require(namespace.tools.first { $0.description.name == name })
            return try await tool.call(ToolCall(arguments: arguments, session: key)) { _ in }
        }
        _ = try await call("open", ["id": "https://list.example/"])
        _ = try await call("open", ["id": "https://long.example/"])
        return try await call(function.rawValue, arguments)
    }

    private static let long = "[2] Long (https://long.example/)"
    private static let list = "[2] List (https://list.example/)"
    private static let other = "[2] Other (https://list.example/other)"

    private static let places: [(JSONObject, String)] = [
        (["url": "https://list.example/"], list), (["link": "https://list.example/"], list),
        (["href": "https://list.example/", "id": -1], list), (["URI": "https://list.example/", "id": ""], list),
        (["id": ["https://list.example/"]], list), (["id": " <https://list.example/> "], list),
        (["id": "[List](https://list.example/)"], list), (["id": "`https://list.example/`"], list),
        (["id": "list.example/"], list), (["id": "https://list.example/", "url": "https://list.example/"], list),
        (["id": 1, "cursor": 0], other), (["id": "1", "cursor": "0"], other), (["id": 1.0, "cursor": 0.0], other),
        (["id": "1.0", "cursor": "[0]"], other), (["id": "【1†Other one】", "cursor": 0], other),
        (["id": "【1†Other one†list.example】", "cursor": 0], other), (["id": "1†Other one", "cursor": 0], other),
        (["link_id": 1, "cursor": "【0†L1】"], other), (["id": "/other", "cursor": 0], other),
        (["id": "【0†L2】"], list), (["id": "【0†L2-L3】", "cursor": 0], list),
        ([:], long), (["id": ""], long), (["id": .null], long), (["id": "-1"], long), (["id": "-1.0"], long),
        (["id": -7], long), (["cursor": ""], long), (["cursor": .null, "id": -1], long), (["cursor": "-1"], long),
        (["cursor": "1"], long), (["source": "web"], long), (["toolCallId": "call_x9", "sessionId": "abc"], long),
    ]

    @Test(arguments: places)
    func `the page that was meant is opened`(arguments: JSONObject, head: String) async throws {
        let result = try await call(.open, arguments)
        #expect(result.text.hasPrefix(head + "\n"), "\(arguments): \(result.text.prefix(200))")
    }

    @Test(
        arguments: [
            (["loc": 30], 30), (["loc": "30"], 30), (["loc": "L30"], 30), (["loc": 30.0], 30), (["loc": "l30"], 30),
            (["line": 30], 30), (["lineNumber": "30.0"], 30), (["start_line": "L30-L40"], 30), (["loc": ""], 0),
            (["loc": .null], 0), (["loc": -1], 0), (["id": "【1†L34】"], 30),
        ] as [(JSONObject, Int)]
    )
    func `the line that was meant comes first`(arguments: JSONObject, line: Int) async throws {
        let result = try await call(.open, arguments)
        #expect(result.text.contains("\n\nL\(line): "), "\(arguments): \(result.text.prefix(200))")
    }

    @Test(
        arguments: [
            (["num_lines": 5], "[0 - 4]"), (["num_lines": "5"], "[0 - 4]"), (["lines": 5.0], "[0 - 4]"),
            (["loc": "L30-L40"], "[30 - 40]"), (["loc": "L30-40", "num_lines": 2], "[30 - 31]"),
        ] as [(JSONObject, String)]
    )
    func `as many lines as were meant are shown`(arguments: JSONObject, shown: String) async throws {
        #expect(try await call(.open, arguments).text.contains("**viewing lines \(shown) of"))
    }

    @Test(
        arguments: [
            (true, true), ("True", true), ("true", true), ("TRUE", true), ("yes", true), (1, true), ("1", true),
            (false, false), ("False", false), ("", false), (.null, false), (0, false), ("no", false),
        ] as [(JSONValue, Bool)]
    )
    func `the source is shown where it is asked for`(value: JSONValue, isSource: Bool) async throws {
        let result = try await call(.open, ["id": "https://list.example/", "view_source": value])
        #expect(result.text.contains("<title>List") == isSource, "\(result.text)")
        #expect(!result.isError)
    }

    @Test(
        arguments: [
            (["id": "Other one", "cursor": 0], "Write the number of a link, as in `3`, or a URL"),
            (["id": 0.5], "Write the number of a link"), (["id": true], "Write the number of a link"),
            (["id": ["1", "2"]], "Write the number of a link"), (["id": ["id": 1]], "Write the number of a link"),
            (["id": "[1]"], "Write the number of a link"), (["id": "#part"], "Write the number of a link"),
            (["id": 9, "cursor": 0], "The page has the links `0` to `1`."), (["id": "9"], "The page has no links."),
            (["cursor": "first"], "the number in brackets before a display"),
            (["cursor": 0.5], "the number in brackets"),
            (["cursor": true], "the number in brackets"), (["cursor": "【0†List】"], "the number in brackets"),
            (["cursor": "https://list.example/"], "the number in brackets"), (["cursor": 9], "indices: [0 - 1]"),
            (["cursor": -2], "indices: [0 - 1]"), (["id": "【0†L2】", "cursor": 1], "`cursor`: 0 and `loc`: 2"),
            (["loc": "top"], "the number of the line to begin at"),
            (["loc": 30.5], "the number of the line to begin at"),
            (["loc": true], "the number of the line to begin at"), (["loc": 1e300], "the number of the line"),
            (["loc": "L40-L30"], "the number of the line"), (["loc": 100_000], "Cannot exceed page maximum"),
            (["num_lines": "all"], "how many lines to show"), (["num_lines": ["a"]], "how many lines to show"),
            (["view_source": "maybe"], "`true` or `false`"), (["view_source": 7], "`true` or `false`"),
            (["id": 1, "link": 2], "write `id` alone"),
            (["id": 1, "url": "https://list.example/"], "write `id` alone"),
            (["page": 0], "open takes `id`, `cursor`, `loc`, `num_lines` and `view_source`, and not `page`."),
            (["file": "https://list.example/"], "and not `file`"),
            (["source": "https://list.example/"], "and not `source`"),
            (["raw": true], "and not `raw`"), (["tab": "1"], "and not `tab`"),
            (["options": ["id": 1]], "and not `options`"),
        ] as [(JSONObject, String)]
    )
    func `what is unclear is refused with what to write`(arguments: JSONObject, said: String) async throws {
        let result = try await call(.open, arguments)
        #expect(result.isError && result.text.contains(said), "\(arguments): \(result.text.prefix(300))")
    }

    @Test(
        arguments: [
            ["pattern": "needle"], ["text": "needle"], ["query": "needle"], ["pattern": "needle", "cursor": "1"],
            ["pattern": ["needle"], "cursor": ""], ["pattern": 4711], ["pattern": "-1"], ["pattern": -1],
            ["pattern": "needle", "source": "https://list.example/"],
        ] as [JSONObject]
    )
    func `the pattern that was meant is found`(arguments: JSONObject) async throws {
        let result = try await call(.find, arguments)
        #expect(result.text.contains("# 【0†match at L"), "\(arguments): \(result.text.prefix(300))")
        #expect(result.text.contains("in `Long`"))
    }

    @Test(
        arguments: [
            ([:], "find takes a string, \"pattern\""), (["pattern": ""], "find takes a string"),
            (["pattern": .null], "find takes a string"), (["pattern": true], "find takes a string"),
            (["pattern": ["a", "b"]], "find takes a string"), (["pattern": "needle", "id": 0], "and not `id`"),
            (
                ["pattern": "needle", "url": "https://list.example/"],
                "find takes `pattern` and `cursor`, and not `url`."
            ),
            (["pattern": "needle", "cursor": "newest"], "the number in brackets"),
        ] as [(JSONObject, String)]
    )
    func `a find that is unclear is refused`(arguments: JSONObject, said: String) async throws {
        let result = try await call(.find, arguments)
        #expect(result.isError && result.text.contains(said), "\(arguments): \(result.text.prefix(300))")
    }

    @Test(
        arguments: [
            ["query": "swift"], ["q": "swift"], ["search_query": "swift"], ["queries": ["swift"]],
            ["query": "swift", "topn": "5"],
            ["query": "swift", "topn": .null, "source": "news"], ["query": "swift", "recency_days": 30],
        ] as [JSONObject]
    )
    func `what was meant is searched for`(arguments: JSONObject) async throws {
        #expect(try await call(.search, arguments).text.hasPrefix("[2] swift\n"))
    }

    @Test(
        arguments: [[:], ["query": ""], ["query": " "], ["query": .null], ["query": ["a", "b"]], ["query": false]]
            as [JSONObject]
    )
    func `a search for nothing is refused`(arguments: JSONObject) async throws {
        let result = try await call(.search, arguments)
        #expect(result.isError && result.text.contains("search takes a string, \"query\""), "\(result.text)")
    }
}

/// A list of two links, and a long page.
private struct TwoPages: PageSource {
    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] {
        [SearchResult(url: "https://list.example/", title: "List", summary: query)]
    }

    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        let html: String
        switch url {
        case "https://list.example/":
            html =
                "<title>List</title><p>Two:<p><a href='https://long.example/'>Long one</a><p><a href=other>Other one</a>"
        case "https://list.example/other": html = "<title>Other</title><p>other"
        case "https://long.example/":
            let lines = (0..<200).map { "line \($0)" }.joined(separator: "\n")
            html = "<title>Long</title><pre>\(lines)\nneedle 4711 at -1</pre>"
        default: throw PageSourceFailure("no such page")
        }
        return PageContent(body: Array(html.utf8))
    }
}
