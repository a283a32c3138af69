extension Encoding {
    /// The bytes that `ids` stand for; a special token stands for how it is written.
    ///
    /// A character can be spread over tokens, so the bytes of some ids may begin or end within one.
    /// - Throws: `TokenizerError.Code.unknownToken` at the first id that is no token's.
    public func decode(_ ids: [UInt32]) throws(TokenizerError) -> [UInt8] {
        try vocabulary.withWords { words throws(TokenizerError) in
            var byteCount = 0
            for id in ids { byteCount += try length(of: id, words) }
            var output = [UInt8](repeating: 0, count: byteCount)
            var target = output.mutableSpan
            var start = 0
            for id in ids { start = copy(id, words, to: &target, at: start) }
            return output
        }
    }

    /// The bytes of one token, special or not; nil if no token has this id.
    public func bytes(of id: UInt32) -> [UInt8]? {
        try? decode([id])
    }

    /// How many bytes one token has, special or not; nil if no token has this id.
    public func byteCount(of id: UInt32) -> Int? {
        vocabulary.withWords { words in try? length(of: id, words) }
    }

    /// How many Unicode scalars each token's own bytes are, once repaired: what is cut off a character counts, too.
    ///
    /// So the sum over a text's tokens may be more than the text has. An id that is no token's counts 1.
    public func scalarCounts(of ids: [UInt32]) -> [Int] {
        ids.map { id in
            // What does not exist is shown as one U+FFFD.
            bytes(of: id).map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? 1
        }
    }

    private func length(of id: UInt32, _ words: Span<UInt32>) throws(TokenizerError) -> Int {
        if id < vocabulary.tokenCount { return vocabulary.tables.length(of: id, words) }
        guard let special = SpecialToken(id: id) else {
            throw TokenizerError(.unknownToken, "token \(id): there is none")
        }
        return special.text.utf8.count
    }

    /// Writes the bytes of a token that there is, and gives the place after them.
    private func copy(
        _ id: UInt32,
        _ words: Span<UInt32>,
        to target: inout MutableSpan<UInt8>,
        at start: Int
    ) -> Int {
        var place = start
        if id < vocabulary.tokenCount {
            for offset in vocabulary.tables.byteRange(of: id, words) {
                target[place] = vocabulary.tables.byte(at: offset, words)
                place &+= 1
            }
        } else if let special = SpecialToken(id: id) {
            for byte in special.text.utf8 {
                target[place] = byte
                place &+= 1
            }
        }
        return place
    }
}
