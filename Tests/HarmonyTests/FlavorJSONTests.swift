import Harmony
import JSON
import TestSupport
import Testing

@Suite(.bounded) struct FlavorJSONTests {
    @Test(arguments: [
        (#"{"z":1,"a":{"y":null,"b":[true,false]},"m":"x"}"#, #"{"z":1,"a":{"y":null,"b":[true,false]},"m":"x"}"#),
        (#""\u0041\u00e9\ud83d\ude00\/\b\f\n\r\t""#, #""Aé😀/\b\f\n\r\t""#),
        (#""\u0001\u001f\u007f\u0085\u2028""#, "\"\\u0001\\u001f\u{7F}\u{85}\u{2028}\""),
        ("18446744073709551616", "1.8446744073709552e19"),
    ])
    func `values are written as the library writes them`(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text).text(in: .openAI) == expected)
    }

    @Test func `a call may come as more ids than a message has values`() throws {
        let text = "[\(Array(repeating: "0", count: 200_000).joined(separator: ","))]"
        #expect(try JSONValue(parsing: text, limits: .harmony).array?.count == 200_000)
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [
        (1.5, "1.5"), (0, "0.0"), (-0.0, "-0.0"), (100, "100.0"), (1e15, "1000000000000000.0"),
        (1e16, "1e16"), (1.25e16, "1.25e16"), (123_456.75, "123456.75"), (0.00001, "0.00001"), (0.000001, "1e-6"),
        (0.0001, "0.0001"),
        (-0.5, "-0.5"), (1e100, "1e100"), (1.5e-7, "1.5e-7"), (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e308"), (0.1, "0.1"), (.infinity, "null"),
    ])
    func `numbers are laid out as the library lays them out`(value: Double, expected: String) {
        #expect(JSONValue.number(value).text(in: .openAI) == expected)
        let parts = expected.split(separator: "e")
        let hasPlus = parts.count > 1 && !parts[1].hasPrefix("-")
        #expect(JSONValue.number(value).text(in: .oss) == (hasPlus ? "\(parts[0])e+\(parts[1])" : expected))
    }
}
