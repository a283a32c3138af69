/// The encodings of all beginnings of a piece whose end is not known yet, as a tree.
///
/// A node is an offset in the text: it stands for the piece up to there, and its parent is the node before the last
/// token of that encoding. So the way from the root to a node is the encoding of the piece up to the node.
///
/// However the piece goes on, its encoding passes through a node that is the end of the text so far, or from which the
/// rest of the text so far is the beginning of a longer token. What all these nodes have in common is final.
struct OpenPiece: Sendable {
    /// Where the piece begins.
    private(set) var root: Int
    /// The last node there is; the text before it was looked at.
    private(set) var end: Int
    /// The first node that is kept.
    private var floor: Int
    /// For each node from `floor` on, the last token up to it; that of the root means nothing.
    private var tokens: [UInt32]
    /// The nodes from which the rest of the text is the beginning of a token, the first ones first.
    private var walks: [Walk] = []
    /// The tokens that end at the node that is being added, the longest first.
    private var matches: [Match] = []

    private struct Walk {
        /// The node.
        var start: Int
        /// The base, in the trie, of the node that the text since then leads to.
        var base: UInt32
    }

    private struct Match {
        /// The node where the token begins.
        var start: Int
        var token: UInt32
    }

    /// A piece that begins at `root`.
    init(at root: Int) {
        self.root = root
        end = root
        floor = root
        tokens = [VocabularyTables.none]
    }

    /// Adds nodes up to `newEnd`.
    mutating func extend(by text: Span<UInt8>, to newEnd: Int, _ tables: VocabularyTables, _ words: Span<UInt32>) {
        while end < newEnd {
            takeStep(by: text[end], tables, words)
            tokens.append(lastToken(tables, words))
            end &+= 1
        }
    }

    /// Leads all walks one byte on, finds the tokens that end there, and drops the walks that no token goes on with.
    @inline(__always)
    private mutating func takeStep(by byte: UInt8, _ tables: VocabularyTables, _ words: Span<UInt32>) {
        walks.append(Walk(start: end, base: tables.rootBase))
        matches.removeAll(keepingCapacity: true)
        var kept = 0
        for index in walks.indices {
            let walk = walks[index]
            guard let (slot, node) = tables.child(of: walk.base, for: byte, words) else { continue }
            if node & VocabularyTables.hasToken != 0 {
                matches.append(Match(start: walk.start, token: words[tables.ends &+ slot]))
            }
            guard node & VocabularyTables.hasChildren != 0 else { continue }
            walks[kept] = Walk(start: walk.start, base: node >> VocabularyTables.baseShift)
            kept &+= 1
        }
        walks.removeLast(walks.count &- kept)
    }

    /// The one of the tokens found that stays apart from what is before it.
    @inline(__always)
    private func lastToken(_ tables: VocabularyTables, _ words: Span<UInt32>) -> UInt32 {
        // Only one does, so they can be asked in any order. Mostly it is the last one so far and the new byte; in a run
        // there are many others.
        let likelyStart = end > root ? parent(of: end, tables, words) : end
        if matches.count > 1, let likely = matches.first(where: { $0.start == likelyStart }),
            fits(likely, in: tables, words)
        {
            return likely.token
        }
        // The byte alone always matches; without forged merges something fits.
        return (matches.first { fits($0, in: tables, words) } ?? matches.last)?.token ?? VocabularyTables.none
    }

    @inline(__always)
    private func fits(_ match: Match, in tables: VocabularyTables, _ words: Span<UInt32>) -> Bool {
        match.start == root || tables.staysApart(tokens[match.start &- floor], from: match.token, words)
    }

    /// The deepest node that the encoding passes through however the piece goes on, or if it ends at `otherEnd`.
    func settled(orEndingAt otherEnd: Int? = nil, _ tables: VocabularyTables, _ words: Span<UInt32>) -> Int {
        var node = otherEnd.map { common(of: $0, and: end, tables, words) } ?? end
        for walk in walks { node = common(of: node, and: walk.start, tables, words) }
        return node
    }

    /// The tokens on the way from `ancestor` to `node`.
    func path(from ancestor: Int, to node: Int, _ tables: VocabularyTables, _ words: Span<UInt32>) -> [UInt32] {
        var path: [UInt32] = []
        var node = node
        while node > ancestor {
            path.append(tokens[node - floor])
            node = parent(of: node, tables, words)
        }
        path.reverse()
        return path
    }

    /// Forgets the nodes before `node`, through which every encoding passes from now on.
    mutating func forget(before node: Int) {
        // What is removed is at least as much as what is moved for it.
        guard node - floor >= end - node else { return }
        tokens.removeFront(max(node - floor, 0))
        floor = max(node, floor)
    }

    /// Moves with the text when `count` bytes are dropped from its front.
    mutating func shift(by count: Int) {
        root -= count
        end -= count
        floor -= count
        for index in walks.indices { walks[index].start -= count }
    }

    /// The deepest node from which both can be reached.
    private func common(of first: Int, and second: Int, _ tables: VocabularyTables, _ words: Span<UInt32>) -> Int {
        var (first, second) = (first, second)
        while first != second {
            if first > second {
                first = parent(of: first, tables, words)
            } else {
                second = parent(of: second, tables, words)
            }
        }
        return first
    }

    private func parent(of node: Int, _ tables: VocabularyTables, _ words: Span<UInt32>) -> Int {
        node &- tables.length(of: tokens[node &- floor], words)
    }
}
