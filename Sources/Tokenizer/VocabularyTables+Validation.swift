extension VocabularyTables {
    /// Checks everything that reading relies on, so that no file can lead out of its tables or into an endless loop.
    func validate(_ words: Span<UInt32>) throws(TokenizerError) {
        guard slotCount > 0, slotCount % 256 == 0, rootBase < slotCount, tokenCount >= 256 else {
            throw TokenizerError(.invalidFile, "its trie is malformed")
        }
        try validateTrie(words)
        try validateTokens(words)
        try validatePairs(words)
    }

    /// All bases are within the trie, and so are then all children, since a child differs from its base in one byte.
    private func validateTrie(_ words: Span<UInt32>) throws(TokenizerError) {
        var tokensSeen = 0
        var isWhole = true
        for slot in 0..<slotCount {
            let node = words[trie &+ slot]
            if node & Self.hasToken != 0 {
                tokensSeen &+= 1
                if words[ends &+ slot] >= tokenCount { isWhole = false }
            }
            if node >> Self.baseShift >= slotCount { isWhole = false }
        }
        // With the walk of each token to a node of its own, none is left that could be another's.
        guard isWhole, tokensSeen == tokenCount else { throw TokenizerError(.invalidFile, "its trie is malformed") }
    }

    private func validateTokens(_ words: Span<UInt32>) throws(TokenizerError) {
        guard words[offsets] == 0, words[offsets + tokenCount] == byteCount else {
            throw TokenizerError(.invalidFile, "its tokens are malformed")
        }
        for id in 0..<UInt32(tokenCount) {
            let start = words[offsets &+ Int(id)]
            let end = words[offsets &+ Int(id) &+ 1]
            guard start < end, end <= byteCount, hasSplit(id, words), walk(id, Int(start)..<Int(end), words) else {
                throw TokenizerError(.invalidFile, "its token \(id) is malformed")
            }
        }
    }

    /// The parts of a token are as long as it, and its prefix is shorter: whoever follows these comes to an end.
    private func hasSplit(_ id: UInt32, _ words: Span<UInt32>) -> Bool {
        let left = words[splits &+ 2 &* Int(id)]
        let right = words[splits &+ 2 &* Int(id) &+ 1]
        let prefix = prefix(of: id, words)
        guard left < tokenCount, right < tokenCount, prefix == Self.none || prefix < tokenCount else { return false }
        let length = length(of: id, words)
        let prefixLength = prefix == Self.none ? 0 : self.length(of: prefix, words)
        guard length > 1 else { return left == id && right == id && prefix == Self.none }
        return (1..<length).contains(prefixLength)
            && self.length(of: left, words) &+ self.length(of: right, words) == length
            && self.length(of: left, words) > 0 && self.length(of: right, words) > 0
    }

    /// The token's bytes lead through the trie to the token.
    private func walk(_ id: UInt32, _ range: Range<Int>, _ words: Span<UInt32>) -> Bool {
        var base = rootBase
        var found = (slot: 0, node: 0 as UInt32)
        for offset in range {
            guard let child = child(of: base, for: byte(at: offset, words), words) else { return false }
            found = child
            base = child.node >> Self.baseShift
        }
        return found.node & Self.hasToken != 0 && words[ends &+ found.slot] == id
    }

    /// Some entry is empty, so that every search ends.
    private func validatePairs(_ words: Span<UInt32>) throws(TokenizerError) {
        var isWhole = pairBits > 0
        var emptyCount = 0
        for index in pairs..<pairs + 1 << pairBits {
            let merged = words[index] & Self.none
            if merged == Self.none { emptyCount &+= 1 } else if merged >= tokenCount { isWhole = false }
        }
        guard isWhole, emptyCount > 0 else { throw TokenizerError(.invalidFile, "its merges are malformed") }
    }
}
