import Foundation
import TestSupport
import Testing

@testable import Tokenizer

@Suite(.bounded) struct PieceScannerTests {
    @Test(arguments: [
        ("don't I'LL we'Ve", ["don't", " I'LL", " we'Ve"]),
        // U+017F is an s when case is ignored; the Kelvin sign is no k that anything asks for.
        ("it'\u{17F} it'\u{212A}", ["it'\u{17F}", " it", "'\u{212A}"]),
        ("x'rx 'tis '", ["x", "'rx", " '", "tis", " '"]),
        ("HTTPServer ABC aBC", ["HTTPServer", " ABC", " a", "BC"]),
        ("漢ABC 漢ABc", ["漢", "ABC", " 漢ABc"]),
        ("12345 a1b", ["123", "45", " a", "1", "b"]),
        ("Ⅷ½٣٤", ["Ⅷ½٣", "٤"]),
        ("a  b\t\tc", ["a", " ", " b", "\t", "\tc"]),
        ("a \n\n  b \r\n", ["a", " \n\n", " ", " b", " \r\n"]),
        ("  \u{A0}\u{A0}x", ["  \u{A0}", "\u{A0}x"]),
        ("\u{85}\u{2028}x", ["\u{85}", "\u{2028}x"]),
        ("x == y/*\n/\nz", ["x", " ==", " y", "/*\n/\n", "z"]),
        ("\t== \u{A0}==", ["\t", "==", " ", "\u{A0}", "=="]),
        ("e\u{301}\u{301} -\u{301}-", ["e\u{301}\u{301}", " -\u{301}-"]),
        ("😀😀 👍🏽", ["😀😀", " 👍🏽"]),
        // Lower case in Unicode 16, a letter without case since: it shows which version is asked.
        ("A\u{295}B", ["A\u{295}", "B"]),
        ("", []),
    ])
    func `text is cut as the regular expression of o200k cuts it`(text: String, pieces: [String]) {
        // Not as strings, for which equivalent characters are equal.
        #expect(Self.pieces(text.utf8.span).map { Array($0.utf8) } == pieces.map { Array($0.utf8) })
    }

    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"))
    func `recorded texts have the recorded pieces`() throws {
        let cases = try Goldens.cases("harmony/tok_encode", of: Recorded.self, atLeast: 150)
        for recorded in cases {
            let pieces = Self.pieces(recorded.text.utf8.span)
            #expect(pieces.map { Array($0.utf8) } == recorded.pieces.map { Array($0.utf8) }, "\(recorded.id)")
        }
    }

    @Test func `a scanner that is stopped anywhere finds the same end`() {
        var generator = SplitMix(seed: 8)
        for _ in 0..<500 {
            let text = Array(generator.text(partsMax: 6).utf8)
            var scanner = PieceScanner(at: 0)
            for end in 0...text.count where String(validating: text[..<end], as: UTF8.self) != nil {
                guard case .closed(let closed) = scanner.scan(text.span.extracting(first: end), .shared) else {
                    continue
                }
                #expect(closed == Self.pieces(text.span).first?.utf8.count)
                break
            }
        }
    }

    /// The pieces of a text that is whole.
    static func pieces(_ text: Span<UInt8>) -> [String] {
        var pieces: [String] = []
        var scanner = PieceScanner(at: 0)
        while scanner.start < text.count {
            let start = scanner.start
            let boundary = scanner.scan(text, .shared)
            let end = if case .closed(let closed) = boundary { closed } else { scanner.endOfLast(in: text) }
            pieces.append(String(decoding: (start..<end).map { text[$0] }, as: UTF8.self))
            scanner = PieceScanner(at: end)
        }
        return pieces
    }
}
