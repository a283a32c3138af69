import JSON
import TestSupport
import Testing

/// What is accepted, what is refused, and what the standard leaves to us: one row for each, with what we do.
@Suite(.bounded) struct ConformanceTests {
    @Test(
        arguments: [
            // Numbers.
            ("[123]", [123]),
            ("[0]", [0]),
            ("[-1]", [-1]),
            ("[1e2]", [.number(100)]),
            ("[1E+2]", [.number(100)]),
            ("[1E-2]", [0.01]),
            ("[0e1]", [.number(0)]),
            ("[0E+1]", [.number(0)]),
            ("[123.456e78]", [123.456e78]),
            ("[-0.0]", [.number(-0.0)]),
            ("[20e1]", [.number(200)]),
            ("[1.0]", [.number(1)]),
            ("[4 ]", [4]),
            // Arrays and objects.
            ("[]", []),
            ("[[]   ]", [[]]),
            ("[null, 1, \"1\", {}]", [.null, 1, "1", [:]]),
            (" [1] ", [1]),
            ("{\"\":0}", ["": 0]),
            ("{\"a\\u0000b\":0}", ["a\0b": 0]),
            ("{\"a\":[],\n\"b\":\t{}\r}", ["a": [], "b": [:]]),
            // Strings.
            ("\"\"", ""),
            ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", ["\"\\/\u{8}\u{C}\n\r\t"]),
            ("[\"\\u0060\\u012a\\u12AB\"]", ["`Īካ"]),
            ("[\"\\uD801\\udc37\"]", ["\u{10437}"]),
            ("[\"\\\\u0000\"]", ["\\u0000"]),
            ("[\"\u{7F}\u{2028}\u{1F600}\"]", ["\u{7F}\u{2028}😀"]),
            ("[\"a/*b*/c//d\"]", ["a/*b*/c//d"]),
            // Alone.
            ("true", true), (" null ", .null), ("-0.1", -0.1), ("\" \"", " "),
        ] as [(String, JSONValue)]
    )
    func `is accepted`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        // The place of the mistake, in bytes.
        ("", 0),
        (" ", 1),
        ("[", 1),
        ("{", 1),
        ("]", 0),
        ("[1", 2),
        ("[1,]", 3),
        ("[,1]", 1),
        ("[1,,2]", 3),
        ("[1 2]", 3),
        ("[1]]", 3),
        ("1 2", 2),
        ("[\"a\" \"b\"]", 5),
        ("[1}", 2),
        ("{]", 1),
        ("[*]", 1),
        ("{\"a\"}", 4),
        ("{\"a\":}", 5),
        ("{\"a\" 1}", 5),
        ("{a:1}", 1),
        ("{1:1}", 1),
        ("{'a':1}", 1),
        ("{\"a\":1,}", 7), ("{\"a\":1 \"b\":2}", 7), ("{,}", 1), ("{\"a\":1]", 6), ("[{}", 3),
        ("01", 1),
        ("-01", 2),
        ("1.", 2),
        (".1", 0),
        ("1.e1", 2),
        ("-", 1),
        ("+1", 0),
        ("--1", 1),
        ("1e", 2),
        ("1e+", 3),
        ("0x10", 1),
        ("1_000", 1),
        ("1,5", 1),
        ("NaN", 0),
        ("Infinity", 0),
        ("-Infinity", 1),
        ("１", 0),
        ("nul", 0), ("tru e", 0), ("True", 0), ("nulll", 4), ("undefined", 0),
        ("\"a", 2),
        ("\"", 1),
        ("'a'", 0),
        (#""\x""#, 3),
        (#""\a""#, 3),
        (#""\u12""#, 5),
        (#""\u12G4""#, 5),
        (#""\U0041""#, 3),
        (#""\"#, 2), ("\"\n\"", 1), ("\"\t\"", 1), ("\"\u{1}\"", 1), ("\"a\u{0}\"", 2),
        ("[1]//c", 3),
        ("/*c*/[1]", 0),
        ("[1]\u{0}", 3),
        ("[1]\u{A0}", 3),
        ("\u{2028}1", 0),
        ("\u{C}1", 0),
    ])
    func `is refused`(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    /// RFC 8259 leaves these to a reader.
    @Test(
        arguments: [
            // Whole numbers are exact as far as 64 bits go, and the nearest `Double` beyond.
            ("-0", 0),
            ("9223372036854775808", .unsigned(1 << 63)),
            ("18446744073709551615", .unsigned(.max)),
            ("18446744073709551616", .number(0x1p64)), ("-9223372036854775809", .number(-0x1p63)),
            // What is too small becomes zero.
            ("1e-999", .number(0)), ("0.1e00000000000000000001", .number(1)),
            // Text never holds half a surrogate pair, and each half becomes one U+FFFD.
            (#""\ud800""#, "\u{FFFD}"),
            (#""\udc00""#, "\u{FFFD}"),
            (#""a\udc00b""#, "a\u{FFFD}b"),
            (#""\ud800\n""#, "\u{FFFD}\n"),
            (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"),
            (#""\ud83dx\udc00""#, "\u{FFFD}x\u{FFFD}"),
            (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
            (#""\ud800\u0041""#, "\u{FFFD}A"),
            // Names are compared by bytes, and the last of one name counts.
            (#"{"a":1,"a":2}"#, ["a": 2]), (#"{"a":1,"\u0061":null}"#, ["a": .null]),
        ] as [(String, JSONValue)]
    )
    func `is read so`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(
        arguments: [
            ([0x22, 0x78, 0xFF, 0x22], "x\u{FFFD}"),
            ([0x22, 0xC3, 0x22], "\u{FFFD}"),
            ([0x22, 0xE2, 0x82, 0x22], "\u{FFFD}"),
            ([0x22, 0xC0, 0x80, 0x22], "\u{FFFD}\u{FFFD}"),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0x22, 0x5C, 0x6E, 0xF0, 0x9F, 0x22], "\n\u{FFFD}"),
        ] as [([UInt8], JSONValue)]
    )
    func `text that is not UTF-8 is repaired`(bytes: [UInt8], value: JSONValue) throws {
        #expect(try JSONValue(parsing: bytes) == value)
    }

    @Test(
        arguments: [
            // A number that a `Double` cannot hold, a byte order mark, other encodings.
            (Array("1e999".utf8), 5),
            (Array("[-1e400]".utf8), 7),
            ([0xEF, 0xBB, 0xBF, 0x31], 0),
            ([0xFF, 0xFE, 0x31, 0x00], 0),
            ([0x00, 0x31], 0), ([0xFF], 0),
        ] as [([UInt8], Int)]
    )
    func `is refused by choice`(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.offset == offset)
    }

    @Test func `nesting is limited`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONValue(parsing: nested(JSONLimits.depthMax)).array?.count == 1)
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(JSONLimits.depthMax + 1)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[{\"a\":", count: 500_000)) }
    }

    @Test func `the number of values is limited, and the length of a number`() throws {
        func zeros(_ count: Int) -> String { "[\(Array(repeating: "0", count: count).joined(separator: ","))]" }
        #expect(try JSONValue(parsing: zeros(99_999)).array?.count == 99_999)
        #expect(throws: JSONError.self) { try JSONValue(parsing: zeros(100_000)) }
        #expect(try JSONValue(parsing: zeros(4), limits: JSONLimits(valuesMax: 5)).array?.count == 4)
        #expect(throws: JSONError.self) { try JSONValue(parsing: zeros(5), limits: JSONLimits(valuesMax: 5)) }
        #expect(try JSONValue(parsing: String(repeating: "7", count: 300)).number ?? 0 > 7e299)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "0." + String(repeating: "1", count: 4095)) }
        #expect(throws: Never.self) { try JSONValue(parsing: "0." + String(repeating: "1", count: 4094)) }
    }
}
