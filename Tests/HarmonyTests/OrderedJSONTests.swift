import Testing

@testable import Harmony

@Suite struct OrderedJSONTests {
    @Test(arguments: [
        (#"{"z":1,"a":{"y":null,"b":[true,false]},"m":"x"}"#, #"{"z":1,"a":{"y":null,"b":[true,false]},"m":"x"}"#),
        (#" { "a" : 1 , "b" : 2 , "a" : 3 } "#, #"{"a":3,"b":2}"#),
        (#"{"\u00e9":1,"e\u0301":2}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}"),
        (#""\u0041\u00e9\ud83d\ude00\/\b\f\n\r\t""#, #""Aé😀/\b\f\n\r\t""#),
        (#""\ud83d""#, "\"\u{FFFD}\""),
        (#""\ud83dx\udc00""#, "\"\u{FFFD}x\u{FFFD}\""),
        (#""\u0001\u001f""#, #""\u0001\u001f""#),
        ("[]", "[]"),
        ("-0", "0"),
        ("9223372036854775807", "9223372036854775807"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "1.8446744073709552e19"),
    ])
    func `what is read is written in the same order`(text: String, expected: String) throws {
        #expect(try OrderedJSON(parsing: Array(text.utf8)).encoded() == expected)
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\"}", 4), ("nul", 0), ("01", 1), ("1.", 2), ("1e", 2), ("\"a", 2),
        ("\"\u{1}\"", 1), (#""\x""#, 3), ("1 2", 2), ("1e999", 5), ("'a'", 0),
    ])
    func `what is no JSON is refused where it goes wrong`(text: String, offset: Int) {
        let error = #expect(throws: HarmonyError.self) { try OrderedJSON(parsing: Array(text.utf8)) }
        guard case .malformedJSON(_, offset) = error?.code else {
            Issue.record("\(error?.description ?? "no error")")
            return
        }
    }

    @Test func `the number of values is limited`() throws {
        func zeros(_ count: Int) -> [UInt8] {
            Array("[\(Array(repeating: "0", count: count).joined(separator: ","))]".utf8)
        }
        let most = OrderedJSON.valuesMax
        #expect(try OrderedJSON(parsing: zeros(most - 1)).array?.count == most - 1)
        #expect(throws: HarmonyError.self) { try OrderedJSON(parsing: zeros(most)) }
    }

    @Test func `nesting is limited`() throws {
        let levels = OrderedJSON.depthMax
        let text = { (count: Int) in
            Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }
        #expect(try OrderedJSON(parsing: text(levels)).array?.count == 1)
        #expect(throws: HarmonyError.self) { try OrderedJSON(parsing: text(levels + 1)) }
        #expect(throws: HarmonyError.self) { try OrderedJSON(parsing: text(1_000_000)) }
    }

    @Test(arguments: [
        (1.5, "1.5"), (0, "0.0"), (-0.0, "-0.0"), (100, "100.0"), (1e15, "1000000000000000.0"),
        (1e16, "1e16"), (1.25e16, "1.25e16"), (123_456.75, "123456.75"), (0.00001, "0.00001"), (0.000001, "1e-6"),
        (0.0001, "0.0001"),
        (-0.5, "-0.5"), (1e100, "1e100"), (1.5e-7, "1.5e-7"), (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e308"), (0.1, "0.1"), (.infinity, "null"),
    ])
    func `numbers are laid out as the library lays them out`(value: Double, expected: String) {
        #expect(OrderedJSON.number(value).encoded() == expected)
        let parts = expected.split(separator: "e")
        let hasPlus = parts.count > 1 && !parts[1].hasPrefix("-")
        #expect(OrderedJSON.number(value).encoded(flavour: .oss) == (hasPlus ? "\(parts[0])e+\(parts[1])" : expected))
    }
}
