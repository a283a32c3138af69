import FoundationEssentials
import MCP
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-7", "9223372036854775807", "0.5", "1e+20", "\"\"", "[]", "{}",
        #"[1,[2,{"a":[]}],"x"]"#, #"{"a":1,"b":{"c":null}}"#, #""/ \" \\ \n \r \t é 👩‍💻""#,
    ])
    func `what is read is written again`(text: String) throws {
        #expect(try encoded(JSONValue(parsing: Array(text.utf8))) == text)
    }

    @Test(arguments: [
        (#""\ud83d\ude00""#, "😀"), (#""\ud800""#, "\u{FFFD}"), (#""a\udc00b""#, "a\u{FFFD}b"),
        (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud800\n""#, "\u{FFFD}\n"), (#""\u00e9\/\b\f""#, "é/\u{8}\u{C}"),
    ])
    func `lone surrogates become replacement characters`(text: String, value: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .string(value))
    }

    @Test func `bytes that are not UTF-8 become replacement characters`() throws {
        #expect(try JSONValue(parsing: [0x22, 0x78, 0xFF, 0x22]) == "x\u{FFFD}")
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "[1 2]", #"{"a"}"#, #"{"a":}"#, #"{a:1}"#, "01", "1.", "-", "1e", "nul", "tru e",
        "\"a", #""\x""#, #""\u12""#, "\"\n\"", "1 2", "[1]]", "1e999", "NaN", #"{"a":1,}"#,
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func `nesting is bounded`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(128)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(129)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000)) }
    }

    @Test func `the number of values is bounded, and so are the digits of a number`() throws {
        func zeros(_ count: Int) -> [UInt8] {
            Array("[\(Array(repeating: "0", count: count).joined(separator: ","))]".utf8)
        }
        #expect(try JSONValue(parsing: zeros(99_999)).array?.count == 99_999)
        #expect(throws: JSONError.self) { try JSONValue(parsing: zeros(100_000)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(repeating: UInt8(ascii: "1"), count: 5000)) }
        let long = Array(repeating: UInt8(ascii: "7"), count: 300)
        #expect(try JSONValue(parsing: long).number ?? 0 > 7e299)
    }

    @Test(arguments: [
        ("\u{85}\u{2028}\u{2029}", #""\u0085\u2028\u2029""#), ("\0\u{1b}\u{1f}", #""\u0000\u001b\u001f""#),
        ("\u{84}\u{2027}\u{202A}\u{80}", "\"\u{84}\u{2027}\u{202A}\u{80}\""), ("</a>", "\"</a>\""),
    ])
    func `controls and separators are escaped, and nothing else`(value: String, text: String) {
        #expect(encoded(.string(value)) == text)
    }

    @Test func `numbers that JSON cannot say are null`() {
        #expect(encoded([.number(.infinity), .number(.nan)]) == "[null,null]")
    }

    @Test func `other coders read and write the same`() throws {
        let value: JSONValue = ["a": [1, 2.5, "x", true, .null], "b": [:], "c": -3]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
        #expect(try JSONValue(parsing: Array(data)) == value)
    }

    @Test func `names come in order`() {
        #expect(encoded(["b": 1, "a": 2, "c": 3]) == #"{"a":2,"b":1,"c":3}"#)
    }

    private func encoded(_ value: JSONValue) -> String { String(decoding: value.encoded(), as: UTF8.self) }
}
