import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct TerminalTests {
    @Test(arguments: [
        ("plain ünï 漢字 👩‍💻\tand\nlines", "plain ünï 漢字 👩‍💻\tand\nlines"),
        ("\u{1B}]52;c;aGk=\u{7}", "␛]52;c;aGk=␇"), ("a\rb\u{8}\u{7F}\0", "a␍b␈␡␀"),
        ("\u{9B}31m\u{90}", "\\u{9b}31m\\u{90}"),
    ])
    func `a terminal shows control characters, and obeys none`(text: String, shown: String) {
        #expect(text.showingControls == shown)
    }

    @Test(arguments: [
        ("plain", "plain"), ("resp_1", "resp_1"), ("0.5 seconds", "\"0.5 seconds\""), ("", "\"\""),
        ("a level=error", "\"a level=error\""), ("x=1", "\"x=1\""), ("say \"hi\"\\", "\"say \\\"hi\\\"\\\\\""),
        ("two\nlines\r", "\"two\\u{a}lines\\u{d}\""), ("\u{1B}[2J", "\"\\u{1b}[2J\""), ("\u{85}", "\"\\u{85}\""),
        ("\u{202E}abc\u{2028}", "\"\\u{202e}abc\\u{2028}\""), ("ünï", "ünï"), ("a\u{A0}b", "\"a\\u{a0}b\""),
    ])
    func `a value in the log passes for no other field or line`(value: String, field: String) {
        #expect(value.asLogField == field)
    }
}
