import Browsing
import JSON
import MCP
import TestSupport
import Testing

@testable import BrowserTool

@Suite(.bounded) struct BrowserToolTests {
    private let namespace = BrowserNamespace(source: FakeWeb(), encoding: nil)

    private func call(_ tool: String, _ arguments: JSONObject, in session: String = "a") async throws
        -> ToolResult
    {
        let tool = try #require(namespace.tools.first { $0.description.name == tool })
        let key = SessionKey(id: session, endsWithConnection: false)
        return try await tool.call(ToolCall(arguments: arguments, session: key)) { _ in }
    }

    @Test func `what is found can be opened by its id, and text be found in it`() async throws {
        let found = try await call("search", ["query": "swift"])
        #expect(!found.isError)
        #expect(found.text.hasPrefix("[0] swift"))
        #expect(found.text.contains("【0†One†one.example】"))
        let opened = try await call("open", ["id": 0])
        #expect(opened.text.hasPrefix("[1] Page of one (https://one.example/)"))
        let hit = try await call("find", ["pattern": "needle"])
        #expect(hit.text.contains("【0†match at L"))
        // Back at where it was, by the cursor of the page.
        let again = try await call("open", ["cursor": 1, "loc": 0, "num_lines": 1])
        #expect(again.text.hasPrefix("[3] Page of one"))
    }

    @Test func `sessions see nothing of each other, and end`() async throws {
        _ = try await call("search", ["query": "swift"], in: "a")
        #expect(try await call("open", ["id": 0], in: "b").text == "No pages to access!")
        await namespace.cleanUp(SessionKey(id: "a", endsWithConnection: false))
        #expect(try await call("open", ["id": 0], in: "a").isError)
    }

    @Test(arguments: [("search", "query"), ("find", "pattern")])
    func `what is missing is said`(tool: String, argument: String) async throws {
        let result = try await call(tool, [:])
        #expect(result.isError)
        #expect(result.text.contains("\"\(argument)\""))
    }

    @Test func `a page that cannot be had is a result`() async throws {
        let result = try await call("open", ["id": "https://none.example/"])
        #expect(result.isError)
        #expect(result.text == "Error fetching URL `https://none.example/`: no such page")
    }

    @Test func `a result says to programs where its display comes from`() async throws {
        let opened = try await call("open", ["id": "https://one.example/"])
        let page = try #require(opened.meta["dev.harmonium/page"])
        #expect(page["url"] == "https://one.example/")
        #expect(page["title"] == "Page of one")
        #expect(page["lines"]?.array?.first == 0)
        #expect(page["truncated"] == false)
    }

    @Test func `a session's cursors can be cited, and no other's`() async throws {
        let resources = try #require(namespace.resources)
        let key = SessionKey(id: "a", endsWithConnection: false)
        #expect(try await resources.resources(of: key).isEmpty)
        await #expect(throws: ResourceError.self) {
            try await resources.read("browser:///citations.json", of: key, bytesMax: 1000)
        }
        _ = try await call("search", ["query": "swift"])
        _ = try await call("open", ["id": 0])
        _ = try await call("find", ["pattern": "needle"])
        _ = try await call("open", ["view_source": true, "cursor": 1])
        let uri = try #require(try await resources.resources(of: key).first?.uri)
        let bytes = try await resources.read(uri, of: key, bytesMax: 1000)
        let page: JSONValue = "https://one.example/"
        #expect(try JSONValue(parsing: bytes) == ["1": page, "2": page, "3": page])
        let last = try await call("open", ["cursor": 0])
        #expect(last.meta["dev.harmonium/citations"] == ["1": page, "2": page, "3": page])
        await #expect(throws: ResourceError.self) { try await resources.read("file:///x", of: key, bytesMax: 1000) }
    }

    @Test func `calls on one session come one after the other`() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await call("open", ["id": "https://one.example/"]) } }
        }
        let last = try await call("open", ["id": "https://one.example/"])
        #expect(last.text.hasPrefix("[20] "))
    }

    @Test func `the tools are declared as models know them`() throws {
        let search = try #require(namespace.tools.first?.description)
        let schema = String(decoding: search.inputSchema.encoded(), as: UTF8.self)
        // A model reads the parameters in this order.
        let places = ["query", "topn", "source"].map { schema.firstRange(of: "\"\($0)\"")?.lowerBound }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap { $0 }.sorted() == places.compactMap { $0 })
        #expect(namespace.tools.map(\.description.name) == ["search", "open", "find"])
    }
}

/// A web of one page.
private struct FakeWeb: PageSource {
    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] {
        [SearchResult(url: "https://one.example/", title: "One", summary: "the first")]
    }

    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        guard url == "https://one.example/" else { throw PageSourceFailure("no such page") }
        return PageContent(body: Array("<title>Page of one</title><p>hay</p><p>a needle</p>".utf8))
    }
}
