/// o200k_harmony, the encoding of the gpt-oss models: text as tokens, and back.
///
/// ```swift
/// let encoding = Encoding(try Vocabulary("/usr/share/harmonium/o200k.vocabulary"))
/// let ids = encoding.encode("Hello, world")
/// let text = String(decoding: try encoding.decode(ids), as: UTF8.self)
/// ```
///
/// It works on bytes. What is ill-formed UTF-8 is encoded as U+FFFD, one for each maximal subpart, as `String(decoding:)`
/// has it. Every call takes time in proportion to its bytes, whatever they are, and none recurses.
public struct Encoding: Sendable {
    /// The tokens.
    public let vocabulary: Vocabulary

    /// The encoding with these tokens.
    public init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    /// The tokens of `text`; special tokens that it spells are ordinary text.
    public func encode(_ text: String) -> [UInt32] {
        encode(text.utf8.span)
    }

    /// The tokens of `bytes`; special tokens that they spell are ordinary text.
    public func encode(_ bytes: Span<UInt8>) -> [UInt32] {
        EncodingCount.current?.add(bytes.count)
        return withWellFormed(bytes) { text in
            vocabulary.withWords { words in
                var output: [UInt32] = []
                output.reserveCapacity(text.count / 4)
                append(text, range: 0..<text.count, words, to: &output)
                return output
            }
        }
    }

    /// The tokens of `text`, in which special tokens stand for themselves: `<|start|>` is one token.
    ///
    /// Only for text that is wholly ours; what a model or a tool wrote would become control tokens.
    public func encodeWithSpecialTokens(_ text: String) -> [UInt32] {
        vocabulary.withWords { words in
            let bytes = text.utf8.span
            var output: [UInt32] = []
            var start = 0
            for (range, token) in specialTokens(in: bytes) {
                append(bytes, range: start..<range.lowerBound, words, to: &output)
                output.append(token.id)
                start = range.upperBound
            }
            append(bytes, range: start..<bytes.count, words, to: &output)
            return output
        }
    }

    /// How many tokens `text` has as ordinary text.
    public func count(_ text: String) -> Int {
        count(text.utf8.span)
    }

    /// How many tokens `bytes` have as ordinary text; keeps no more of them than one piece has.
    public func count(_ bytes: Span<UInt8>) -> Int {
        withWellFormed(bytes) { text in
            vocabulary.withWords { words in
                var total = 0
                var ids: [UInt32] = []
                var encoder = PieceEncoder()
                let classes = CharacterClasses.shared
                var start = 0
                while start < text.count {
                    let end = pieceEnd(text, from: start, classes)
                    encoder.append(text, from: start, to: end, by: vocabulary.tables, words, to: &ids)
                    total += ids.count
                    ids.removeAll(keepingCapacity: true)
                    start = end
                }
                return total
            }
        }
    }

    /// Appends the tokens of a range of well-formed text, as if nothing were around it.
    private func append(
        _ text: Span<UInt8>,
        range: Range<Int>,
        _ words: Span<UInt32>,
        to output: inout [UInt32]
    ) {
        let text = text.extracting(first: range.upperBound)
        let tables = vocabulary.tables
        let classes = CharacterClasses.shared
        var encoder = PieceEncoder()
        var start = range.lowerBound
        while start < text.count {
            let end = pieceEnd(text, from: start, classes)
            encoder.append(text, from: start, to: end, by: tables, words, to: &output)
            start = end
        }
    }

    @inline(__always)
    private func pieceEnd(_ text: Span<UInt8>, from start: Int, _ classes: CharacterClasses) -> Int {
        var scanner = PieceScanner(at: start)
        guard case .closed(let end) = scanner.scan(text, classes) else { return scanner.endOfLast(in: text) }
        return end
    }

    /// Lends `bytes`, or, if they are not well-formed UTF-8, what they are once repaired.
    private func withWellFormed<Result>(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
        guard (try? UTF8Span(validating: bytes)) == nil else { return body(bytes) }
        var repair = UTF8Decoder()
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 64)
        repair.append(bytes, to: &text)
        text += repair.finish().utf8
        return body(text.span)
    }

    /// Where special tokens are spelled.
    private func specialTokens(in text: Span<UInt8>) -> [(range: Range<Int>, token: SpecialToken)] {
        var found: [(range: Range<Int>, token: SpecialToken)] = []
        var start: Int?
        for offset in 1..<max(text.count, 1) {
            switch (text[offset - 1], text[offset]) {
            case (UInt8(ascii: "<"), UInt8(ascii: "|")):
                start = offset - 1
            case (UInt8(ascii: "|"), UInt8(ascii: ">")):
                guard let begun = start, offset - begun < SpecialToken.bytesMax else { continue }
                let spelling = (begun...offset).map { text[$0] }
                if let token = SpecialToken(text: String(decoding: spelling, as: UTF8.self)) {
                    found.append((begun..<offset + 1, token))
                }
                start = nil
            default:
                continue
            }
        }
        return found
    }
}
