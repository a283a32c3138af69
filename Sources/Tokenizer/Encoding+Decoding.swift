extension Encoding {
    /// The bytes that `ids` stand for; a special token stands for how it is written.
    ///
    /// A character can be spread over tokens, so the bytes of some ids may begin or end within one. Throws
    /// `TokenizerError.Code.unknownToken` at the first id that is no token's.
    public func decode(_ ids: [UInt32]) throws(TokenizerError) -> [UInt8] {
        try vocabulary.withWords { words throws(TokenizerError) in
            var output: [UInt8] = []
            output.reserveCapacity(ids.count * 4)
            for id in ids { try append(id, words, to: &output) }
            return output
        }
    }

    /// The bytes of one token, special or not; nil if no token has this id.
    public func bytes(of id: UInt32) -> [UInt8]? {
        try? decode([id])
    }

    /// How many Unicode scalars each token's own bytes are, once repaired: what is cut off a character counts, too.
    ///
    /// So the sum over a text's tokens may be more than the text has. An id that is no token's counts 1.
    public func scalarCounts(of ids: [UInt32]) -> [Int] {
        vocabulary.withWords { words in
            var bytes: [UInt8] = []
            return ids.map { id in
                bytes.removeAll(keepingCapacity: true)
                // What does not exist is shown as one U+FFFD.
                guard (try? append(id, words, to: &bytes)) != nil else { return 1 }
                return String(decoding: bytes, as: UTF8.self).unicodeScalars.count
            }
        }
    }

    private func append(_ id: UInt32, _ words: Span<UInt32>, to output: inout [UInt8]) throws(TokenizerError) {
        if id < vocabulary.tokenCount {
            vocabulary.tables.append(id, words, to: &output)
        } else if let special = SpecialToken(id: id) {
            output.append(contentsOf: special.text.utf8)
        } else {
            throw TokenizerError(.unknownToken, "token \(id): there is none")
        }
    }
}
