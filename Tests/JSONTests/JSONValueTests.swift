import JSON
import TestSupport
import Testing

@Suite(.bounded) struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-7", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
        "0.5", "1e+20", "\"\"", "[]", "{}", #"[1,[2,{"a":[]}],"x"]"#, #"{"b":1,"a":{"c":null}}"#,
        #""/ \" \\ \n \r \t \b \f é 👩‍💻""#, "{\"\u{E9}\":1,\"e\u{301}\":2}",
    ])
    func `what is read is written again`(text: String) throws {
        #expect(try JSONValue(parsing: text).description == text)
    }

    @Test func `of a repeated name the last value stands in the first place`() throws {
        let expected: JSONValue = ["a": 3, "b": 2]
        #expect(try JSONValue(parsing: #" { "a" : 1 , "b" : 2 , "a" : 3 } "#) == expected)
        #expect(["a": 1, "b": 2, "a": 3] == expected)
        #expect(expected != ["b": 2, "a": 3])
    }

    @Test func `objects with many members are read as those with few`() throws {
        // More names than the index has at first, two of them canonically equivalent.
        let names = ["\u{E9}", "e\u{301}"] + (2..<400).map { "name \($0 % 300)" }
        let members = zip(names, 0...).map { "\"\($0)\":\($1)" }.joined(separator: ",")
        let object = try #require(try JSONValue(parsing: "{\(members)}").object)
        #expect(object.map { Array($0.name.utf8) } == names.prefix(302).map { Array($0.utf8) })
        #expect(object["e\u{301}"] == 1)
        #expect(object["name 0"] == 300)
        #expect(object["name 99"] == 399)
        #expect(object["name 100"] == 100)
        #expect(object["name 300"] == nil)
    }

    @Test func `members are set in place, added at the end and removed`() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = 4
        object["d"] = 5
        object["a"] = nil
        object["x"] = nil
        #expect(object == ["b": 4, "c": 3, "d": 5])
        #expect(object.merging(["d": 6, "e": 7, "b": 8]) == ["b": 8, "c": 3, "d": 6, "e": 7])
    }

    @Test(arguments: [
        ("\u{85}\u{2028}\u{2029}", #""\u0085\u2028\u2029""#), ("\0\u{1b}\u{1f}", #""\u0000\u001b\u001f""#),
        ("\u{84}\u{2027}\u{202A}\u{80}", "\"\u{84}\u{2027}\u{202A}\u{80}\""), ("</a>", "\"</a>\""),
    ])
    func `controls and separators are escaped, and nothing else`(value: String, text: String) {
        #expect(JSONValue.string(value).description == text)
        #expect(value.encodedJSONBytes >= text.utf8.count - 2)
    }

    @Test func `a style can leave separators and lay out numbers`() {
        let style = JSONStyle(escapesLineSeparators: false) { "<\($0)>" }
        let value: JSONValue = ["\u{2028}\u{85}\n", 1, 0.5]
        #expect(String(decoding: value.encoded(style), as: UTF8.self) == "[\"\u{2028}\u{85}\\n\",1,<0.5>]")
    }

    @Test func `numbers that JSON cannot say are null`() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan)]).description == "[null,null]")
    }

    @Test func `kinds are not taken for one another`() {
        let values: [JSONValue] = [.null, true, 1, .unsigned(.max), 1.5, "1", [], [:]]
        #expect(values.filter(\.isNull).count == 1)
        #expect(values.compactMap(\.bool) == [true])
        #expect(values.compactMap(\.integer) == [1])
        #expect(values.compactMap(\.number) == [1, 0x1p64, 1.5])
        #expect(values.compactMap(\.string) == ["1"])
        #expect(values.compactMap(\.array).count == 1)
        #expect(values.compactMap(\.object).count == 1)
        #expect(JSONValue.number(3).integer == 3)
    }
}
