import JSON
import MCP
import TestSupport
import Testing

@testable import Responses

/// Citations in an answer become links with annotations, while the text streams.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct CitationTests {
    private static let answer = "<|channel|>final<|message|>Yes【1†L3-L5】, and no【7†L1】.<|return|>"

    private func answer(_ request: JSONObject) async throws -> Answered {
        let test = try TestGateway([.string(Self.answer)], namespaces: [FakeBrowser()])
        return try await test.answer(.object((["input": "Go."] as JSONObject).merging(request)))
    }

    @Test func `a citation of an open page is a link, annotated where it is in the text`() async throws {
        let answered = try await answer(["tools": [["type": "web_search"]]])
        let part = try #require(answered.output.last?["content"]?.array?.first)
        let text = try #require(part["text"]?.string)
        // Only what there is a page for is a link.
        #expect(text == "Yes ([example.com](https://example.com/a%20b)) , and no【7†L1】.")
        #expect(answered.text(of: "output_text") == text)
        let annotation = try #require(part["annotations"]?.array?.first)
        #expect(part["annotations"]?.array?.count == 1)
        #expect(annotation["type"] == "url_citation" && annotation["url"] == "https://example.com/a b")
        #expect(annotation["title"] == "example.com")
        let (start, end) = (
            try #require(annotation["start_index"]?.integer), try #require(annotation["end_index"]?.integer)
        )
        let cited = String(String.UnicodeScalarView(Array(text.unicodeScalars)[start..<end]))
        #expect(cited == " ([example.com](https://example.com/a%20b)) ")

        let added = answered.events.filter { $0.type == "response.output_text.annotation.added" }
        #expect(added.map { $0.json["annotation"] } == [annotation])
        #expect(added.first?.json["annotation_index"] == 0 && added.first?.json["content_index"] == 0)
        // It comes with the text, not at its end.
        let place = try #require(answered.types.firstIndex(of: "output_text.annotation.added"))
        #expect(answered.types[place...].contains("output_text.delta"))
    }

    @Test func `an answer in JSON stays as the model wrote it`() async throws {
        let answered = try await answer(["text": ["format": ["type": "json_object"]]])
        #expect(answered.text(of: "output_text") == "Yes【1†L3-L5】, and no【7†L1】.")
        #expect(answered.output.last?["content"]?.array?.first?["annotations"] == [])
    }
}

private struct FakeBrowser: ToolNamespace {
    let name = "browser"
    let instructions = "Shows pages."
    var tools: [any Tool] { [] }
    var resources: (any ResourceStore)? { Pages() }
    func cleanUp(_ session: SessionKey) async {}

    struct Pages: ResourceStore {
        func resources(of session: SessionKey) async throws(ResourceError) -> [Resource] { [] }

        func read(_ uri: String, of session: SessionKey, bytesMax: Int) async throws(ResourceError) -> [UInt8] {
            Array(#"{"0": "https://example.com/", "1": "https://example.com/a b"}"#.utf8)
        }
    }
}
