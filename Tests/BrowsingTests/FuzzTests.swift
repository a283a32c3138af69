import Foundation
import PythonText
import TestSupport
import Testing

@testable import Browsing

/// Random texts, wrapped, searched and stripped beside slow and simple ways to do it.
@Suite(.fuzzing) struct FuzzTests {
    /// How many texts; the environment may ask for more.
    private static let inputs = (ProcessInfo.processInfo.environment["HARMONIUM_FUZZ_INPUTS"].flatMap(Int.init) ?? 1000)

    @Test func `lines are the text, and none is too wide`() {
        var random = SplitMix(seed: 1)
        for _ in 0..<Self.inputs {
            let text = Self.text(&random)
            let wrapped = WrappedText(text)
            var joined: [UInt8] = []
            for line in wrapped.lines {
                if line.beginsParagraph, !joined.isEmpty || line.start > 0 { joined.append(0x0A) }
                joined += wrapped.bytes[line.range]
                #expect(wrapped.scalarCount(line.range) <= WrappedText.width)
            }
            #expect(joined == wrapped.bytes)
        }
    }

    @Test func `a match is where a slow search finds it`() {
        var random = SplitMix(seed: 2)
        for _ in 0..<Self.inputs {
            let text = Self.text(&random)
            let pattern = Array("ab-".utf8.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
            let wrapped = WrappedText(text)
            let found = Finding.matches(of: pattern, in: wrapped, fixes: .reference).map(\.line)
            let lines = LinkStripping.stripped(Self.joined(wrapped)).split(
                separator: 0x0A,
                omittingEmptySubsequences: false
            )
            var expected: [Int] = []
            var line = 0
            while line < lines.count, expected.count < Finding.matchesMax {
                let isHit = LetterCase.lowered(Array(lines[line])).firstIndex(of: pattern) != nil
                if isHit { expected.append(line) }
                line += isHit ? Finding.linesShown : 1
            }
            #expect(found == expected)
        }
    }

    @Test func `matches across lines say lines that are there`() {
        var random = SplitMix(seed: 3)
        for _ in 0..<Self.inputs {
            let wrapped = WrappedText(Self.text(&random))
            for match in Finding.matches(of: Array("a".utf8), in: wrapped, fixes: BrowsingFixes()) {
                #expect(match.line < wrapped.lines.count)
                #expect(LetterCase.lowered(Array(match.shown.prefix { $0 != 0x0A })).contains(UInt8(ascii: "a")))
            }
        }
    }

    @Test func `a citation is the same in one piece and in many`() {
        var random = SplitMix(seed: 4)
        let urls = ["", "https://a.example/x", "nourl"]
        for _ in 0..<Self.inputs {
            let text = String(decoding: Self.text(&random), as: UTF8.self)
            var whole = CitationResolver(pageURLs: urls)
            let expected = [whole.feed(text), whole.finish()]
            var pieces = CitationResolver(pageURLs: urls)
            let outputs = text.unicodeScalars.map { pieces.feed(String($0)) } + [pieces.finish()]
            #expect(outputs.map(\.text).joined() == expected.map(\.text).joined())
            #expect(outputs.flatMap(\.annotations) == expected.flatMap(\.annotations))
        }
    }

    private static func joined(_ wrapped: WrappedText) -> [UInt8] {
        Array(wrapped.lines.map { wrapped.bytes[$0.range] }.joined(separator: [0x0A]))
    }

    private static func text(_ random: inout SplitMix) -> [UInt8] {
        (0..<Int.random(in: 1...80, using: &random)).flatMap { _ in
            Array((parts.randomElement(using: &random) ?? "").utf8)
        }
    }

    private static let parts = [
        "a", "B", "word ", "co-op", "--", "-", " ", "  ", "\t", "\n", "\r", "\u{B}", "é", "漢字", "Σ", "İ", "\u{301}",
        "😀",
        "【1†x】", "【2†many words†host.example】", "【", "】", "†", "12", "【1†L2-L4】", "【3†",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "b-b-b-b-b-b-b-b-b-b-b-b-b-b-b-", "\u{A0}", "\u{3000}", "!", "'", "_", "½", "٣",
    ]
}
