import TestSupport
import Testing

@testable import MCP

@Suite(.bounded) struct ToolNameTests {
    @Test(arguments: [
        "search", "search json", "search <|constrain|>json", "search<|channel|>commentary", "browser.search",
        "functions.search", "functions.browser.search", "browser.search code", " search", "search\n", "search\tjson",
        "\r\n search\r\n", "\u{A0}search\u{A0}",
    ])
    func `a model's spelling finds the tool`(written: String) {
        #expect(ToolName(written, in: "browser").candidates.contains("search"))
    }

    @Test(arguments: ["", " ", "searching", "python.search", "xsearch", "search.browser"])
    func `another name does not`(written: String) {
        #expect(!ToolName(written, in: "browser").candidates.contains("search"))
    }

    @Test func `a name with a space in it goes first`() {
        #expect(ToolName("search json", in: "browser").candidates.first == "search json")
    }
}
