extension VocabularyTables {
    /// Checks everything that reading relies on: no file may lead out of its tables, or into an endless loop.
    ///
    /// What a file says of merges is not computed again; a forged one can encode otherwise, but not do harm.
    func validate(_ words: Span<UInt32>) throws(TokenizerError) {
        guard slotCount > 0, slotCount % 256 == 0, tokenCount >= 256, hasTree(words) else {
            throw TokenizerError(.invalidFile, "its trie is malformed")
        }
        try validateTokens(words)
        try validatePairs(words)
    }

    /// The nodes are a tree: each has one parent, the only node with the base that it was reached from. So the token at
    /// a node has as many bytes as the node is deep. A child is in the trie if its base is: they differ in one byte.
    private func hasTree(_ words: Span<UInt32>) -> Bool {
        var isBase = [Bool](repeating: false, count: slotCount)
        guard (1..<UInt32(slotCount)).contains(rootBase) else { return false }
        isBase[0] = true
        isBase[Int(rootBase)] = true
        var tokensSeen = 0
        for slot in 0..<slotCount {
            let node = words[trie &+ slot]
            let base = Int(node >> Self.baseShift)
            if node & Self.hasChildren == 0 {
                guard base == 0 else { return false }
            } else {
                guard base < slotCount, !isBase[base] else { return false }
                isBase[base] = true
            }
            guard node & Self.hasToken != 0 else { continue }
            guard words[ends &+ slot] < tokenCount else { return false }
            tokensSeen &+= 1
        }
        // Each token's walk ends at a node of its own, so no node is left that could be another's.
        return tokensSeen == tokenCount && (UInt8.min...UInt8.max).allSatisfy { hasByte($0, words) }
    }

    /// The byte is a token: so there is an encoding for everything.
    private func hasByte(_ byte: UInt8, _ words: Span<UInt32>) -> Bool {
        child(of: rootBase, for: byte, words).map { $0.node & Self.hasToken != 0 } ?? false
    }

    private func validateTokens(_ words: Span<UInt32>) throws(TokenizerError) {
        guard words[offsets] == 0, words[offsets + tokenCount] == byteCount else {
            throw TokenizerError(.invalidFile, "its tokens are malformed")
        }
        for id in 0..<UInt32(tokenCount) {
            let start = words[offsets &+ Int(id)]
            let end = words[offsets &+ Int(id) &+ 1]
            guard start < end, end <= byteCount, hasSplit(id, words), leads(Int(start)..<Int(end), to: id, words) else {
                throw TokenizerError(.invalidFile, "its token \(id) is malformed")
            }
        }
    }

    /// The parts of a token are as long as it, and its prefix is shorter: a walk along these comes to an end.
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
    private func leads(_ range: Range<Int>, to id: UInt32, _ words: Span<UInt32>) -> Bool {
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
