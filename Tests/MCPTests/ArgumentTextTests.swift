import JSON
import MCP
import TestSupport
import Testing

@Suite(.bounded) struct ArgumentTextTests {
    @Test(arguments: [
        (#"{"query":"a"}"#, []),
        (" \n{\"query\":\"a\"}\n", []),
        ("```json\n{\"query\":\"a\"}\n```", ["fence"]),
        ("```\n{\"query\":\"a\"}", ["fence"]),
        (#"```json {"query":"a"}```"#, ["fence"]),
        (#"{"query":"a",}"#, ["trailing_comma"]),
        ("{\"query\":\"a\" ,\n }", ["trailing_comma"]),
        (#"{"query":"a"}}"#, ["extra_bracket"]), ("{\"query\":\"a\"} ]\n}", ["extra_bracket"]),
        (#"{"query":"a"}<|call|>"#, ["text_behind"]),
        ("{\"query\":\"a\"}\nI search for a.", ["text_behind"]),
        (#"{"query":"a"}{"query":"b"}"#, ["text_behind"]),
        (#""{\"query\":\"a\"}""#, ["encoded_twice"]),
        (#"{\"query\":\"a\"}"#, ["encoded_twice"]),
        (#""{\"query\":\"a\",}""#, ["encoded_twice", "trailing_comma"]),
        ("```json\n{\"query\":\"a\",}}\n```", ["fence", "trailing_comma", "extra_bracket"]),
    ])
    func `slips are mended and reported`(text: String, repairs: [String]) throws {
        let arguments = try ArgumentText(reading: text)
        #expect(arguments.members == ["query": "a"])
        #expect(arguments.repairs.map(\.rawValue) == repairs)
    }

    @Test func `lines in a string are kept, and so is what looks like a slip in one`() throws {
        let lines = try ArgumentText(reading: "{\"code\":\"a\n\tb\\\"\n}\"}")
        #expect(lines.members == ["code": "a\n\tb\"\n}"])
        #expect(lines.repairs == [.rawControl])
        let text = ",} ,] ``` \\\" {"
        let quoted = try ArgumentText(reading: "{\"a\":[\"\(text)\",],\"b\":\"\\\\\"}")
        #expect(quoted.members == ["a": [",} ,] ``` \" {"], "b": "\\"])
        #expect(quoted.repairs == [.trailingComma])
    }

    @Test(arguments: [
        ("", "not a value"), ("x", "not a value"), ("[1]", "no object"), ("5", "no object"), (#""a""#, "no object"),
        (#"{"query":"a""#, "not closed"), (#"{"query" "a"}"#, "no colon"), (#"{"query":"a" "b"}"#, "not closed"),
        (#"{"query":}"#, "not a value"), ("```", "not a value"),
        (#""{\"a\":""#, "not a value"), (String(repeating: "{\"a\":", count: 100_000), "levels"),
    ])
    func `what has no clear meaning is refused, with the reason`(text: String, reason: String) {
        let error = #expect(throws: JSONError.self) { try ArgumentText(reading: text) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}
