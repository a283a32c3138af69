import Foundation
import Testing
import Tokenizer

@Suite(.enabled(if: Shared.hasVocabulary, Shared.reason))
struct EncodingTests {
    @Test func `recorded texts have the recorded pieces and ids`() throws {
        let encoding = try Shared.encoding()
        let cases = try Shared.cases("goldens/harmony/tok_encode.dev.json", of: Recorded.self)
        #expect(cases.count > 100)
        for recorded in cases {
            let bytes = recorded.bytes
            #expect(encoding.encode(bytes.span) == recorded.tokens, "\(recorded.id)")
            #expect(encoding.count(bytes.span) == recorded.tokens.count, "\(recorded.id)")
            #expect(try encoding.decode(recorded.tokens) == Array(recorded.text.utf8), "\(recorded.id)")
            #expect(recorded.pieces.flatMap { encoding.encode($0) } == recorded.tokens, "\(recorded.id)")
        }
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
