import JSON
import TestSupport
import Testing

@testable import Chromium

/// What a page's process says of it, which may be anything.
@Suite(.bounded) struct PageSnapshotTests {
    private func snapshot(_ nodes: String, strings: String = #"["page", "DIV", "word"]"#) throws -> PageSnapshot {
        let json =
            #"{"documents": [{"nodes": {\#(nodes)}, "layout": {"nodeIndex": [], "styles": []}}], "strings": \#(strings)}"#
        return try #require(PageSnapshot(JSONValue(parsing: json)))
    }

    @Test func `numbers that lead nowhere are noticed`() throws {
        let sound =
            #""parentIndex": [-1, 0, 1], "nodeType": [9, 1, 3], "nodeName": [0, 1, 0], "nodeValue": [-1, -1, 2], "#
        #expect(try snapshot(sound + #""attributes": [[], [], []]"#).isSound)
        #expect(try snapshot(sound + #""attributes": [[], [], []]"#).html.contains("<div hidden=\"\">word</div>"))
        #expect(try !snapshot(sound + #""attributes": [[], [9, 9], []]"#).isSound)
        #expect(try !snapshot(sound + #""attributes": [[]]"#).isSound)
        for (good, bad) in [("[-1, 0, 1]", "[-1, 0, 7]"), ("[0, 1, 0]", "[0, -1, 0]"), ("[-1, -1, 2]", "[-1, -1, 3]")] {
            #expect(try !snapshot(sound.replacing(good, with: bad) + #""attributes": [[], [], []]"#).isSound)
        }
    }

    @Test func `a long text that a page has many times is not written as often`() throws {
        let count = 2000
        let parents = "[-1" + String(repeating: ", 0", count: count) + "]"
        let nodes =
            #""parentIndex": \#(parents), "nodeType": [9\#(String(repeating: ", 3", count: count))], "#
            + #""nodeName": [0\#(String(repeating: ", 0", count: count))], "nodeValue": [-1\#(String(repeating: ", 1", count: count))], "#
            + #""attributes": [[]\#(String(repeating: ", []", count: count))]"#
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try snapshot(nodes, strings: #"["page", "\#(long)"]"#).html.utf8.count < 18 << 20)
    }
}
