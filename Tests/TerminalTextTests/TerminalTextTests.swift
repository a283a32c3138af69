import TestSupport
import Testing

@testable import TerminalText

@Suite(.bounded) struct TerminalTextTests {
    @Test(
        arguments: [
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\nb", "a\nb"),
            ("10%\r20%\r100%\r\n", "100%\n"),
            ("hello\rHE\n", "HEllo\n"),
            ("hello\r\u{1B}[KHE\n", "HE\n"),
            ("abc\u{8}\u{8}X\n", "aXc\n"),
            ("\u{8}\u{8}a\n", "a\n"),
            ("abc\u{8} \u{8}d\n", "abd\n"),
            ("\u{1B}[1;31mred\u{1B}[0m\u{1B}(B text\n", "red text\n"),
            ("\u{1B}]0;title\u{7}$ ls\u{1B}]0;other\u{1B}\\\n", "$ ls\n"),
            ("\u{1B}P1$r0m\u{1B}\\a\u{1B}_apc\nmore\u{1B}\\b\n", "ab\n"),
            ("\u{1B}[?2004ha\u{1B}[?2004l\u{1B}[>0q\u{1B}[!p\n", "a\n"),
            ("\u{9B}31ma\u{9D}title\u{9C}b\u{85}c\n", "ab\nc\n"),
            ("a\tb\r\n", "a\tb\n"),
            ("a\tb\rX\tY\n", "X\tY\n"),
            ("a\u{7}\u{0}\u{E}\u{F}\u{7F}b\n", "ab\n"),
            ("ab\u{1B}[Dc\u{1B}[5Gd\n", "ac  d\n"),
            ("abcd\r\u{1B}[2P\n", "cd\n"),
            ("abcd\r\u{1B}[2@x\n", "x abcd\n"),
            ("abcd\r\u{1B}[2X\n", "  cd\n"),
            ("abc\u{1B}[2D\u{1B}[1Kd\n", " dc\n"),
            ("abc\u{1B}[2K\u{1B}[Gx\n", "x\n"),
            ("abc\u{8}\u{8}\u{1B}[J\n", "a\n"),
            ("x\u{1B}[5b\n", "xxxxxx\n"),
            ("one\u{1B}[Htwo\u{1B}[3;1Hthree\u{1B}[2J\u{1B}[Hend\n", "one\ntwo\nthree\nend\n"),
            ("\u{1B}[H\u{1B}[2J\u{1B}[3J$ ", "$ "),
            ("a\u{1B}[3\r1mb\n", "b\n"),
            ("漢字\u{8}\u{8}X\n", "漢X \n"),
            ("漢字\rX\n", "X 字\n"),
            ("e\u{301}x\u{8}y\n", "e\u{301}y\n"),
            ("👩\u{200D}💻 é\n", "👩\u{200D}💻 é\n"),
            ("\u{FEFF}a\u{1B}", "a"),
            ("a\u{1B}[", "a"),
            ("a\u{1B}]title without an end\nb\n", "a\nb\n"),
            ("a\u{1B}]title\u{18}b\n", "ab\n"),
            ("a\u{1B}[\(String(repeating: "1", count: 100))mb\n", "ab\n"),
        ] as [(String, String)]
    )
    func `a terminal's line is what is to be read at its end`(written: String, text: String) {
        var terminal = TerminalText()
        #expect(terminal.append(Array(written.utf8)) + terminal.flush() == text)
    }

    @Test(arguments: [
        ("aaaaaaaaaab\n", "aaaaaaaaaab\n"),
        ("aaaaaaaaaa\rB\n", "Baaaaaaaaa\n"),
        ("aaaaaaaaaa \rB\n", "aaaaaaaaaaB\n"),
        ("aaaaaaaaaabc\u{1B}[A\rX\n", "Xaaaaaaaaabc\n"),
        ("aaaaaaaaaa\u{1B}[K\n", "aaaaaaaaaa\n"),
        ("aaaaaaaaaabc\u{1B}[A\u{1B}[2P\n", "aaaaaaaa  bc\n"),
    ])
    func `a line that fills its row goes on in the next and stays one line`(written: String, text: String) {
        var terminal = TerminalText(columns: 10)
        #expect(terminal.append(Array(written.utf8)) == text)
    }

    @Test func `a line comes out when it has ended, and what was shown of it does not come again`() {
        var terminal = TerminalText()
        #expect(terminal.append(Array("one\r\ntw".utf8)) == "one\n")
        #expect(terminal.append(Array("o".utf8)) == "")
        #expect(terminal.flush() == "two")
        #expect(terminal.flush() == "")
        #expect(terminal.append(Array("!\r\n".utf8)) == "!\n")
        _ = terminal.append(Array("$ sl".utf8))
        #expect(terminal.flush() == "$ sl")
        #expect(terminal.append(Array("\u{8}\u{8}ls\r\n".utf8)) == "$ ls\n")
    }

    @Test func `ill-formed UTF-8 is replaced and a character between two pieces is whole`() {
        var terminal = TerminalText()
        var text = ""
        for byte in Array("é漢👩".utf8) + [0xFF, 0xE2, 0x82, 0x41, 0x0A] { text += terminal.append([byte]) }
        #expect(text == "é漢👩\u{FFFD}\u{FFFD}A\n")
    }

    @Test func `a line without an end takes bounded memory and loses nothing`() {
        var terminal = TerminalText()
        var text = ""
        for _ in 0..<100 { text += terminal.append(Array(repeating: UInt8(ascii: "x"), count: 1000)) }
        #expect(text.utf8.count > 80_000)
        text += terminal.flush()
        #expect(text == String(repeating: "x", count: 100_000))
    }

    @Test func `marks pile up on no character without end`() {
        var terminal = TerminalText()
        let text = terminal.append(Array(("a" + String(repeating: "\u{301}", count: 10_000) + "\n").utf8))
        #expect(text.utf8.count < 100)
    }

    @Test func `whatever is written, pieces do not matter and no control character is left`() {
        let words =
            [
                "\u{1B}", "[", "]", "P", "\\", "0;", "1", "12;7", "H", "K", "J", "C", "D", "A", "B", "G", "@", "X", "b",
                "m", "\u{7}",
                "\r", "\n", "\u{8}", "\t", "\u{9B}", "\u{9C}", "\u{18}", "漢", "👩\u{200D}💻", "e\u{301}", "plain text",
                "?25h",
            ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82], [0xC2], [0], [0x9B]]
        var numbers = SplitMix(seed: 3)
        for _ in 0..<3000 {
            let bytes = (0..<60).flatMap { _ in words.randomElement(using: &numbers) ?? [] }
            let columns = [1, 2, 7, 80].randomElement(using: &numbers) ?? 80
            var whole = TerminalText(columns: columns)
            let text = whole.append(bytes) + whole.flush()
            var pieces = TerminalText(columns: columns)
            var together = ""
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...5, using: &numbers)
                together += pieces.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            together += pieces.flush()
            #expect(together == text)
            #expect(text.utf8.count < 60 * 200)
            let isClean = text.unicodeScalars.allSatisfy {
                $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control
            }
            #expect(isClean, "\(bytes)")
        }
    }
}
