import TestSupport
import Testing

@testable import Tokenizer

/// What holds for every vocabulary, tried with many: in a single one some ways of going wrong never show.
@Suite(.bounded) struct RandomVocabularyTests {
    @Test(arguments: 0..<60)
    func `an encoding is what merging the pair of lowest rank makes, whole and in chunks`(seed: Int) throws {
        var generator = SplitMix(seed: UInt64(seed))
        let alphabet = Self.alphabet(&generator)
        let tokens = Self.tokens(alphabet, &generator)
        let encoding = try Self.encoding(tokens)
        let ranks = Self.ranks(tokens)
        for _ in 0..<60 {
            let text = Self.text(alphabet, partsMax: 24, &generator)
            let ids = encoding.encode(text)
            #expect(ids == Self.pieces(of: text).flatMap { Self.merge($0, ranks) }, "\(text.debugDescription)")

            var encoder = IncrementalEncoder(encoding)
            var released: [UInt32] = []
            var seen: [UInt8] = []
            for byte in text.utf8 {
                seen.append(byte)
                released += encoder.feed([byte].span)
                guard let prefix = String(validating: seen, as: UTF8.self) else { continue }
                let whole = prefix + Self.text(alphabet, partsMax: 4, &generator)
                #expect(encoding.encode(prefix).starts(with: released), "\(prefix.debugDescription)")
                #expect(encoding.encode(whole).starts(with: released), "\(whole.debugDescription)")
            }
            #expect(released + encoder.finish() == ids, "\(text.debugDescription)")
        }
    }

    private static func encoding(_ tokens: [[UInt8]]) throws -> Encoding {
        try TemporaryFile.with { path in
            try MappedFile.write(VocabularyBuilder(tokens, digest: Array(repeating: 0, count: 32)).words, to: path)
            return Encoding(try Vocabulary(path))
        }
    }

    /// Few characters, so that merges, runs and forks are met: white space, letters, or anything.
    private static func alphabet(_ generator: inout SplitMix) -> [String] {
        let parts = [" ", "\n", "a", "A", "漢", "-", "'", "s", "\u{301}", "1"]
        switch generator.below(3) {
        case 0: return [" ", "\n", "a"]
        case 1: return ["漢", "A", "a"]
        default: return (0..<4).map { _ in parts[generator.below(parts.count)] }
        }
    }

    private static func text(_ alphabet: [String], partsMax: Int, _ generator: inout SplitMix) -> String {
        (0..<generator.below(partsMax)).map { _ in alphabet[generator.below(alphabet.count)] }.joined()
    }

    /// All bytes, and merges that text of the alphabet has.
    private static func tokens(_ alphabet: [String], _ generator: inout SplitMix) -> [[UInt8]] {
        var tokens = (0...255).map { [UInt8($0)] }
        // Merges are added at the end, so their ranks keep.
        for _ in 0..<60 {
            let candidate = Array(text(alphabet, partsMax: 7, &generator).utf8)
            let ranks = ranks(tokens)
            // A token has to be made by one merge of what there is.
            if merge(candidate, ranks).count == 2 { tokens.append(candidate) }
        }
        return tokens
    }

    private static func ranks(_ tokens: [[UInt8]]) -> [[UInt8]: UInt32] {
        Dictionary(uniqueKeysWithValues: zip(tokens, 0...))
    }

    /// Byte-pair encoding as it is defined.
    private static func merge(_ piece: [UInt8], _ ranks: [[UInt8]: UInt32]) -> [UInt32] {
        var parts = piece.map { [$0] }
        while true {
            let merges = parts.indices.dropLast().compactMap { index in
                ranks[parts[index] + parts[index + 1]].map { (rank: $0, index: index) }
            }
            guard let first = merges.min(by: { ($0.rank, $0.index) < ($1.rank, $1.index) }) else {
                return parts.compactMap { ranks[$0] }
            }
            parts[first.index] += parts.remove(at: first.index + 1)
        }
    }

    private static func pieces(of text: String) -> [[UInt8]] {
        PieceScannerTests.pieces(text.utf8.span).map { Array($0.utf8) }
    }
}
