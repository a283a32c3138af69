import Digest
import Foundation
import TestSupport
import Testing

@testable import Tokenizer

@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct EncodingTests {
    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"))
    func `recorded texts have the recorded pieces and ids`() throws {
        let encoding = try Installed.encoding()
        let cases = try Goldens.cases("harmony/tok_encode", of: Recorded.self, atLeast: 150)
        for recorded in cases {
            let bytes = recorded.bytes
            #expect(encoding.encode(bytes.span) == recorded.tokens, "\(recorded.id)")
            #expect(encoding.count(bytes.span) == recorded.tokens.count, "\(recorded.id)")
            #expect(try encoding.decode(recorded.tokens) == Array(recorded.text.utf8), "\(recorded.id)")
            #expect(recorded.pieces.flatMap { encoding.encode($0) } == recorded.tokens, "\(recorded.id)")
        }
    }

    @Test func `what is ill-formed is encoded as String would repair it`() throws {
        let encoding = try Installed.encoding()
        var generator = SplitMix(seed: 5)
        let leads: [UInt8] = [
            0x41, 0x80, 0xBF, 0xC0, 0xC3, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0x9F, 0xA0, 0x8F, 0x90,
        ]
        for _ in 0..<500 {
            let bytes = (0..<generator.below(12)).map { _ in leads[generator.below(leads.count)] }
            let repaired = String(decoding: bytes, as: UTF8.self)
            #expect(encoding.encode(bytes.span) == encoding.encode(repaired), "\(bytes)")
            #expect(try encoding.decode(encoding.encode(bytes.span)) == Array(repaired.utf8), "\(bytes)")
        }
    }

    @Test func `decoding gives back every text`() throws {
        let encoding = try Installed.encoding()
        var generator = SplitMix(seed: 6)
        for _ in 0..<300 {
            let text = generator.text(partsMax: 30)
            #expect(try encoding.decode(encoding.encode(text)) == Array(text.utf8))
            #expect(encoding.count(text) == encoding.encode(text).count)
        }
    }

    @Test func `every token is the encoding of its own bytes, if they are text`() throws {
        let encoding = try Installed.encoding()
        #expect(encoding.vocabulary.tokenCount == 199_998)
        for id in stride(from: 0 as UInt32, to: 199_998, by: 61) {
            let bytes = try #require(encoding.bytes(of: id))
            guard let text = String(validating: bytes, as: UTF8.self) else { continue }
            // As one piece: what stands in a text may be cut before it comes to merging.
            var output: [UInt32] = []
            encoding.vocabulary.withWords { words in
                var encoder = PieceEncoder()
                let span = text.utf8.span
                encoder.append(span, from: 0, to: span.count, by: encoding.vocabulary.tables, words, to: &output)
            }
            #expect(output == [id])
        }
    }

    @Test func `an id that is no token's is an error`() throws {
        let encoding = try Installed.encoding()
        for id: UInt32 in [201_089, 262_143, .max] {
            let error = #expect(throws: TokenizerError.self) { try encoding.decode([0, id]) }
            #expect(error?.code == .unknownToken)
            #expect(encoding.bytes(of: id) == nil)
        }
    }

    @Test func `a text that spells special tokens has none, unless they are asked for`() throws {
        let encoding = try Installed.encoding()
        for id in 199_998...201_088 as ClosedRange<UInt32> {
            let text = try #require(SpecialToken(id: id)).text
            #expect(encoding.encode("a\(text)b").allSatisfy { $0 < 199_998 })
            #expect(encoding.encodeWithSpecialTokens("a\(text)b") == [64, id, 65])
            #expect(try encoding.decode([64, id, 65]) == Array("a\(text)b".utf8))
        }
        let text = "<|start|>system<|message|>A <|b|> <<|end|>|> <|start|"
        let parts = ["system", "A <|b|> <", "|> <|start|"].map { encoding.encode($0) }
        #expect(
            encoding.encodeWithSpecialTokens(text)
                == [200_006] + parts[0] + [200_008] + parts[1] + [200_007] + parts[2]
        )
        #expect(encoding.encodeWithSpecialTokens("") == [])
    }

    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"))
    func `tokens have the recorded lengths in scalars`() throws {
        let encoding = try Installed.encoding()
        // The reference has two special tokens of its own after the ordinary ones.
        let special = [1, 13] + Array(repeating: 1, count: 18) + [15]
        let lengths = encoding.scalarCounts(of: Array(0..<199_998)) + special
        let list = "[\(lengths.map(String.init).joined(separator: ","))]"
        let digest = SHA256.text(of: SHA256.digest(of: list.utf8.span))
        for recorded in try Goldens.units(\RecordedUnits.all, atLeast: 1) {
            #expect(lengths.count == recorded.n_vocab && lengths.max() == recorded.max)
            #expect(lengths.reduce(0, +) == recorded.sum)
            #expect(digest == recorded.sha256_of_json_list)
        }
        #expect(encoding.scalarCounts(of: [199_999, 201_089]) == [13, 1])
    }

    /// No clock: it is the number of tokens tried that must not grow faster than the text.
    @Test(arguments: ["a", " ", "\n", "-", "=", "*", "#", "/", "\t", "漢", "ab", "-=", "\u{301}", "aGVsbG8", "  \t"])
    func `a run is encoded in steps in proportion to its length`(part: String) throws {
        let encoding = try Installed.encoding()
        let counts = [2_000, 20_000].map { length in
            let text = String(repeating: part, count: length / part.utf8.count)
            var output: [UInt32] = []
            var encoder = PieceEncoder()
            encoding.vocabulary.withWords { words in
                let span = text.utf8.span
                encoder.append(span, from: 0, to: span.count, by: encoding.vocabulary.tables, words, to: &output)
            }
            return encoder.triedCount
        }
        #expect(counts[1] <= 12 * max(counts[0], 200))
    }
}

/// A text that was encoded with the reference.
struct Recorded: Decodable {
    let id: String
    /// Well-formed, also where the bytes that were encoded are not.
    let text: String
    let raw: Data?
    let pieces: [String]
    let tokens: [UInt32]

    private enum CodingKeys: String, CodingKey {
        case id, text, pieces, tokens
        case raw = "raw_base64"
    }

    /// What was encoded.
    var bytes: [UInt8] { raw.map { Array($0) } ?? Array(text.utf8) }
}

/// What the browser tool's reference says of tokens.
private struct RecordedUnits: Decodable {
    struct Lengths: Decodable {
        let n_vocab: Int
        let max: Int
        let sum: Int
        let sha256_of_json_list: String
    }

    let token_lengths: Lengths

    var all: [Lengths] { [token_lengths] }
}
