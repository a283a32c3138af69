import TestSupport
import Testing

@testable import MCP

@Suite(.bounded) struct ToolDirectoryTests {
    @Test(arguments: [
        "search", "search json", "search <|constrain|>json", "search<|channel|>commentary", "browser.search",
        "functions.search", "functions.browser.search", "browser.search code", " search", "search\n", "search\tjson",
        "\r\n search\r\n", "\u{A0}search\u{A0}",
    ])
    func `a model's spelling finds the tool of a namespace`(written: String) {
        #expect(ToolDirectory(within: Tools("browser", "search", "open"))[written]?.name == "browser.search")
    }

    @Test(arguments: ["", " ", "searching", "python.search", "xsearch", "search.browser", "find"])
    func `another name does not`(written: String) {
        #expect(ToolDirectory(within: Tools("browser", "search"))[written] == nil)
    }

    @Test(arguments: [
        ("python", "python"), ("python.python code", "python"), ("functions.python", "python"),
        ("container.exec", "container.exec"),
        ("functions.container.feed_chars<|constrain|>json", "container.feed_chars"),
        ("exec", nil), ("python.exec", nil), ("cleanup_session", nil), ("container", nil),
    ])
    func `a recipient finds the tool of several namespaces`(written: String, name: String?) {
        let directory = ToolDirectory(of: [Tools("python", "python"), Tools("container", "exec", "feed_chars")])
        #expect(directory[written]?.name == name)
    }

    @Test func `tools that are not wanted are not found`() {
        let directory = ToolDirectory(of: [Tools("browser", "search", "open")], wanted: ["browser.open", "python"])
        #expect(directory["browser.search"] == nil)
        #expect(directory["browser.open"] != nil)
        #expect(directory.list == "`browser.open`")
    }

    @Test(arguments: ["cleanup_session", "python.cleanup_session", "functions.cleanup_session"])
    func `a session can be ended in its namespace`(written: String) {
        #expect(ToolDirectory(within: Tools("python", "python"))[written]?.tool is CleanUpTool)
    }

    @Test func `two tools of one name are a programmer's mistake`() async {
        await #expect(processExitsWith: .failure) { _ = ToolDirectory(within: Tools("browser", "open", "open")) }
        await #expect(processExitsWith: .success) { _ = ToolDirectory(within: Tools("browser", "open")) }
    }
}

/// A namespace of tools that are only looked for.
private struct Tools: ToolNamespace {
    let name: String
    let instructions = ""
    let tools: [any Tool]

    init(_ name: String, _ tools: String...) {
        self.name = name
        self.tools = tools.map { Named(description: ToolDescription(name: $0, description: "")) }
    }

    func cleanUp(_ session: SessionKey) async {}

    private struct Named: Tool {
        let description: ToolDescription

        func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
            ToolResult(text: description.name)
        }
    }
}
