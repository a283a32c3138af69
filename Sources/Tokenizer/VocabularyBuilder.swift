/// Computes the words of a vocabulary's file.
struct VocabularyBuilder {
    private let tables: VocabularyTables
    private(set) var words: [UInt32]

    /// The file for `tokens`, each at the index that is its rank: earlier ones merge first.
    ///
    /// All single bytes have to be among them, and each other token has to be what byte-pair encoding makes of its bytes.
    init(_ tokens: [[UInt8]], digest: [UInt8]) throws(TokenizerError) {
        let trie = TokenTrie(tokens)
        tables = VocabularyTables(
            tokenCount: tokens.count,
            slotCount: trie.slots.count,
            byteCount: tokens.reduce(0) { $0 + $1.count },
            pairBits: Self.pairBits(for: tokens.count),
            rootBase: trie.rootBase
        )
        words = VocabularyHeader.words(for: tables, digest: digest)
        words += trie.slots
        words += trie.ends
        var offset: UInt32 = 0
        words.append(offset)
        for token in tokens {
            offset += UInt32(token.count)
            words.append(offset)
        }
        words += repeatElement(VocabularyTables.none, count: tables.bytes - words.count)
        appendBytes(tokens)
        for (id, token) in tokens.enumerated() { try addSplit(of: UInt32(id), token) }
        let sum = VocabularyHeader.sum(words.span)
        words[VocabularyHeader.checksum.lowerBound] = UInt32(truncatingIfNeeded: sum)
        words[VocabularyHeader.checksum.lowerBound + 1] = UInt32(truncatingIfNeeded: sum >> 32)
    }

    /// A hash table that stays emptier than half, so that most searches see one entry.
    private static func pairBits(for count: Int) -> Int {
        max(Int.bitWidth - (2 * count).leadingZeroBitCount, 4)
    }

    private mutating func appendBytes(_ tokens: [[UInt8]]) {
        var word: UInt32 = 0
        var shift: UInt32 = 0
        for token in tokens {
            for byte in token {
                word |= UInt32(byte) << shift
                shift += 8
                if shift == 32 {
                    words.append(word)
                    (word, shift) = (0, 0)
                }
            }
        }
        if shift > 0 { words.append(word) }
    }

    /// Finds the two tokens whose merging makes this one, given those of all before it.
    private mutating func addSplit(of id: UInt32, _ token: [UInt8]) throws(TokenizerError) {
        let (prefix, split) = findSplit(of: id, token)
        words[tables.prefixes + Int(id)] = prefix
        guard let split else {
            throw TokenizerError(.foreignText, "token \(id): no merge makes it")
        }
        words[tables.splits + 2 * Int(id)] = split.left
        words[tables.splits + 2 * Int(id) + 1] = split.right
        if token.count > 1 { addPair(split.left, split.right, merged: id) }
    }

    private func findSplit(of id: UInt32, _ token: [UInt8]) -> (prefix: UInt32, (left: UInt32, right: UInt32)?) {
        let (words, bytes) = (words.span, token.span)
        guard token.count > 1 else { return (VocabularyTables.none, (id, id)) }
        let prefix = tables.longestMatch(bytes, from: 0, to: token.count - 1, words).0
        // The shortest prefix is a single byte, so all tokens that this one begins with are on this chain.
        var left = prefix
        while left != VocabularyTables.none {
            let end = tables.length(of: left, words)
            if left < id, let right = tables.token(bytes, from: end, to: token.count, words), right < id,
                tables.staysApart(left, from: right, words)
            {
                return (prefix, (left, right))
            }
            left = end > 1 ? tables.longestMatch(bytes, from: 0, to: end - 1, words).0 : VocabularyTables.none
        }
        return (prefix, nil)
    }

    private mutating func addPair(_ left: UInt32, _ right: UInt32, merged: UInt32) {
        var (slot, fingerprint) = tables.pairPlace(left, right)
        while words[tables.pairs + slot] & VocabularyTables.none != VocabularyTables.none {
            slot = (slot + 1) & (1 << tables.pairBits - 1)
        }
        words[tables.pairs + slot] = merged | fingerprint << VocabularyTables.tokenBits
    }
}
