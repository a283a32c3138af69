/// Where the tables of a vocabulary are among the words of its file, and how they are read.
///
/// The words themselves are lent by the owner of the mapped file, so every question takes them. All offsets are checked when a
/// file is opened, and again, by the span, whenever a word is read.
///
/// | table | entries | what an entry is |
/// |---|---|---|
/// | trie | slots | a node: label in bits 0–8, `hasToken`, `hasChildren`, the base of its children in bits 11–31 |
/// | ends | slots | the token that ends at the node |
/// | offsets | tokens + 1 | where the token's bytes begin in the last table |
/// | prefixes | tokens | the longest shorter token that the token begins with |
/// | splits | 2 × tokens | the two tokens whose merging makes the token; twice itself for a single byte |
/// | pairs | a power of two | a hash table of splits: the merged token in bits 0–17, a fingerprint in bits 18–31 |
/// | bytes | | the tokens' bytes, one after the other, four in a word |
///
/// The trie is a double array: the child of a node for a byte is in slot `base ^ byte`, and has that byte as its label.
/// No two nodes have the same base, so the label alone says that a slot is the child's; no label fits an empty slot.
struct VocabularyTables: Equatable, Sendable {
    static let labelMask: UInt32 = 0x1FF
    static let emptyLabel: UInt32 = 0x100
    static let hasToken: UInt32 = 0x200
    static let hasChildren: UInt32 = 0x400
    static let baseShift: UInt32 = 11

    static let tokenBits: UInt32 = 18
    /// Stands for no token; greater than all.
    static let none: UInt32 = 1 << tokenBits - 1

    let tokenCount: Int
    let slotCount: Int
    let byteCount: Int
    /// The logarithm of the number of entries of `pairs`.
    let pairBits: Int
    /// The base of the root's children.
    let rootBase: UInt32

    let trie: Int
    let ends: Int
    let offsets: Int
    let prefixes: Int
    let splits: Int
    let pairs: Int
    let bytes: Int
    /// How many words there are, with the header.
    let wordCount: Int

    init(tokenCount: Int, slotCount: Int, byteCount: Int, pairBits: Int, rootBase: UInt32) {
        self.tokenCount = tokenCount
        self.slotCount = slotCount
        self.byteCount = byteCount
        self.pairBits = pairBits
        self.rootBase = rootBase
        trie = VocabularyHeader.wordCount
        ends = trie + slotCount
        offsets = ends + slotCount
        prefixes = offsets + tokenCount + 1
        splits = prefixes + tokenCount
        pairs = splits + 2 * tokenCount
        bytes = pairs + 1 << pairBits
        wordCount = bytes + (byteCount + 3) / 4
    }
}

extension VocabularyTables {
    /// The slot and the node that `byte` leads to from the node with this base; nil if no token goes on so.
    @inline(__always)
    func child(of base: UInt32, for byte: UInt8, _ words: Span<UInt32>) -> (slot: Int, node: UInt32)? {
        let slot = Int(base ^ UInt32(byte))
        let node = words[trie &+ slot]
        return node & Self.labelMask == UInt32(byte) ? (slot, node) : nil
    }

    /// The longest token that `text` has at `start`, and where it ends; it ends before `end`.
    @inline(__always)
    func longestMatch(_ text: Span<UInt8>, from start: Int, to end: Int, _ words: Span<UInt32>) -> (UInt32, end: Int) {
        var position = start
        var base = rootBase
        var found = (slot: 0, end: start)
        while position < end, let (slot, node) = child(of: base, for: text[position], words) {
            position &+= 1
            if node & Self.hasToken != 0 { found = (slot, position) }
            base = node >> Self.baseShift
        }
        return (words[ends &+ found.slot], found.end)
    }

    /// The token that `text` is from `start` to `end`.
    func token(_ text: Span<UInt8>, from start: Int, to end: Int, _ words: Span<UInt32>) -> UInt32? {
        let (token, found) = longestMatch(text, from: start, to: end, words)
        return found == end && end > start ? token : nil
    }

    /// Whether the text from `start` to its end is the beginning of a token that has more.
    func isBeginning(_ text: Span<UInt8>, from start: Int, _ words: Span<UInt32>) -> Bool {
        var position = start
        var base = rootBase
        while position < text.count {
            guard let (_, node) = child(of: base, for: text[position], words), node & Self.hasChildren != 0 else {
                return false
            }
            position &+= 1
            base = node >> Self.baseShift
        }
        return true
    }

    /// How many bytes a token has.
    @inline(__always)
    func length(of token: UInt32, _ words: Span<UInt32>) -> Int {
        Int(words[offsets &+ Int(token) &+ 1] &- words[offsets &+ Int(token)])
    }

    /// The longest shorter token that this one begins with; `none` if there is none.
    @inline(__always)
    func prefix(of token: UInt32, _ words: Span<UInt32>) -> UInt32 {
        words[prefixes &+ Int(token)]
    }

    /// Where a token's bytes are in the last table.
    @inline(__always)
    func byteRange(of token: UInt32, _ words: Span<UInt32>) -> Range<Int> {
        Int(words[offsets &+ Int(token)])..<Int(words[offsets &+ Int(token) &+ 1])
    }

    /// One byte of the last table.
    @inline(__always)
    func byte(at offset: Int, _ words: Span<UInt32>) -> UInt8 {
        UInt8(truncatingIfNeeded: words[bytes &+ offset >> 2] >> UInt32(truncatingIfNeeded: offset & 3 &* 8))
    }
}

extension VocabularyTables {
    /// Whether byte-pair encoding leaves these two tokens apart when their bytes stand side by side.
    ///
    /// It does not if two neighbors along the seam were merged before the merges that made the tokens around them. The
    /// merges are undone, the last first, and at each step the pair at the seam is looked up. Every step shortens a token,
    /// so there are at most as many as the two have bytes.
    func staysApart(_ left: UInt32, from right: UInt32, _ words: Span<UInt32>) -> Bool {
        var (left, right) = (left, right)
        /// A merge at the seam counts if its token is smaller than this: then it came before what was undone.
        var limit = UInt32.max
        while true {
            if let merged = merge(of: left, and: right, words), merged < limit { return false }
            if left > right {
                limit = left
                left = words[splits &+ 2 &* Int(left) &+ 1]
                guard left == limit else { continue }
                limit = right &+ 1
                right = words[splits &+ 2 &* Int(right)]
                if right &+ 1 == limit { return true }
            } else {
                limit = right &+ 1
                right = words[splits &+ 2 &* Int(right)]
                guard right &+ 1 == limit else { continue }
                limit = left
                left = words[splits &+ 2 &* Int(left) &+ 1]
                if left == limit { return true }
            }
        }
    }

    /// The token that the two make when they are merged.
    @inline(__always)
    private func merge(of left: UInt32, and right: UInt32, _ words: Span<UInt32>) -> UInt32? {
        var (slot, fingerprint) = pairPlace(left, right)
        while true {
            let entry = words[pairs &+ slot]
            let merged = entry & Self.none
            if merged == Self.none { return nil }
            if entry >> Self.tokenBits == fingerprint, words[splits &+ 2 &* Int(merged)] == left,
                words[splits &+ 2 &* Int(merged) &+ 1] == right
            {
                return merged
            }
            slot = (slot &+ 1) & (1 << pairBits &- 1)
        }
    }

    /// Where a pair is looked for first, and what marks it there.
    @inline(__always)
    func pairPlace(_ left: UInt32, _ right: UInt32) -> (slot: Int, fingerprint: UInt32) {
        // The multiplier of Fibonacci hashing: 2⁶⁴ divided by the golden ratio.
        let hash = (UInt64(left) << UInt64(Self.tokenBits) | UInt64(right)) &* 0x9E37_79B9_7F4A_7C15
        return (Int(hash >> UInt64(64 &- pairBits)), UInt32(truncatingIfNeeded: hash >> 8) & 0x3FFF)
    }
}
