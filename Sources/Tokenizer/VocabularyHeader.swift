/// The first words of a vocabulary's file.
///
/// | words | what |
/// |---|---|
/// | 0–1 | the magic |
/// | 2 | the version |
/// | 3 | how many words the file has, these included |
/// | 4–6 | how many tokens, slots of the trie, bytes of tokens |
/// | 7 | the logarithm of the number of entries of the pair table |
/// | 8 | the base of the root's children |
/// | 9 | not used: 0 |
/// | 10–17 | the SHA-256 of the text that the vocabulary was made from |
/// | 18–19 | the checksum of all other words |
///
/// A word has its lowest byte first.
enum VocabularyHeader {
    static let wordCount = 20
    static let version: UInt32 = 1
    /// The byte beyond ASCII, the line ends and the end of file show that it was transferred as text.
    static let magic: [UInt32] = ["\u{89}HMV".word, "\r\n\u{1A}\n".word]
    static let digest = 10..<18
    static let checksum = 18..<20

    /// The tables that a header describes.
    static func tables(_ words: Span<UInt32>) throws(TokenizerError) -> VocabularyTables {
        guard words.count > wordCount, words[0] == magic[0], words[1] == magic[1] else {
            throw TokenizerError(.invalidFile, "it is no vocabulary")
        }
        guard words[2] == version else {
            throw TokenizerError(.invalidFile, "it has version \(words[2]), and \(version) is wanted")
        }
        guard Int(words[3]) == words.count else {
            throw TokenizerError(.invalidFile, "it has \(words.count) words, and \(words[3]) are wanted")
        }
        guard Self.sum(words) == words.pair(at: checksum.lowerBound) else {
            throw TokenizerError(.invalidFile, "its checksum is wrong")
        }
        guard words[4] < VocabularyTables.none, words[5] <= 1 << 21, words[6] <= 1 << 26, words[7] <= 24 else {
            throw TokenizerError(.invalidFile, "its tables are too large")
        }
        let tables = VocabularyTables(
            tokenCount: Int(words[4]),
            slotCount: Int(words[5]),
            byteCount: Int(words[6]),
            pairBits: Int(words[7]),
            rootBase: words[8]
        )
        guard tables.wordCount == words.count else {
            throw TokenizerError(.invalidFile, "its tables do not fill it")
        }
        return tables
    }

    /// The header of `tables`, with room for the checksum.
    static func words(for tables: VocabularyTables, digest: [UInt8]) -> [UInt32] {
        precondition(digest.count == 32, "a digest of \(digest.count) bytes")
        var words = magic + [version, UInt32(tables.wordCount)]
        words += [tables.tokenCount, tables.slotCount, tables.byteCount, tables.pairBits].map { UInt32($0) }
        words += [tables.rootBase, 0]
        for start in stride(from: 0, to: 32, by: 4) { words.append(digest[start..<start + 4].word) }
        return words + [0, 0]
    }

    /// The checksum: it finds accidents; against intent there are the rights of the file.
    static func sum(_ words: Span<UInt32>) -> UInt64 {
        // The prime of FNV-1a for 64 bits. Four sums at once, since each step waits for the one before it.
        let prime: UInt64 = 0x100_0000_01B3
        var sums: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        var index = 0
        while index &+ 3 < words.count {
            // The checksum itself begins at a multiple of four less two.
            let isChecksum = index == checksum.lowerBound - 2
            sums.0 = (sums.0 ^ UInt64(words[index])) &* prime
            sums.1 = (sums.1 ^ UInt64(words[index &+ 1])) &* prime
            sums.2 = (sums.2 ^ (isChecksum ? 0 : UInt64(words[index &+ 2]))) &* prime
            sums.3 = (sums.3 ^ (isChecksum ? 0 : UInt64(words[index &+ 3]))) &* prime
            index &+= 4
        }
        while index < words.count {
            sums.0 = (sums.0 ^ UInt64(words[index])) &* prime
            index += 1
        }
        return [sums.1, sums.2, sums.3].reduce(sums.0) { ($0 ^ $1 ^ $0 >> 32) &* prime }
    }
}

extension Span<UInt32> {
    /// Two words as one number, the lower first.
    func pair(at index: Int) -> UInt64 {
        UInt64(self[index]) | UInt64(self[index + 1]) << 32
    }
}

extension Collection<UInt8> {
    /// Four bytes as a word, the lowest first.
    fileprivate var word: UInt32 {
        reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension String {
    /// Four Latin-1 characters as a word, the lowest byte first.
    fileprivate var word: UInt32 {
        unicodeScalars.map { UInt8($0.value) }.word
    }
}
