/// The tokens of a vocabulary as a trie, level by level, and then as the slots of a double array.
struct TokenTrie {
    /// Of each slot, what the file's table `trie` says.
    private(set) var slots: [UInt32] = []
    /// Of each slot, what the file's table `ends` says.
    private(set) var ends: [UInt32] = []
    private(set) var rootBase: UInt32 = 0

    /// A node: the tokens that begin alike are neighbors when tokens are sorted.
    private struct Node {
        let tokens: Range<Int>
        let depth: Int
        let label: UInt8
        let parent: Int
        var end = VocabularyTables.none
        var children = 0..<0
    }

    private var nodes: [Node] = []

    /// The trie of `tokens`, which are distinct and not empty.
    init(_ tokens: [[UInt8]]) {
        let order = Self.sorted(tokens)
        nodes = [Node(tokens: order.indices, depth: 0, label: 0, parent: -1)]
        var index = 0
        while index < nodes.count {
            addChildren(of: index, tokens, order)
            index += 1
        }
        placeNodes()
    }

    /// The tokens' numbers in the order of their bytes.
    private static func sorted(_ tokens: [[UInt8]]) -> [Int] {
        // The first eight bytes decide almost every comparison.
        let keyed = tokens.enumerated().map { index, token in
            let front = token.prefix(8)
            let key = front.reduce(0 as UInt64) { $0 << 8 | UInt64($1) } << UInt64(8 * (8 - front.count))
            return (key: key, index: index)
        }
        let order = keyed.sorted { left, right in
            guard left.key == right.key else { return left.key < right.key }
            return tokens[left.index].lexicographicallyPrecedes(tokens[right.index])
        }
        return order.map(\.index)
    }

    private mutating func addChildren(of index: Int, _ tokens: [[UInt8]], _ order: [Int]) {
        let node = nodes[index]
        var rest = node.tokens
        if let first = rest.first, tokens[order[first]].count == node.depth {
            nodes[index].end = UInt32(order[first])
            rest.removeFirst()
        }
        let firstChild = nodes.count
        while let first = rest.first {
            let label = tokens[order[first]][node.depth]
            var end = first + 1
            while end < rest.endIndex, tokens[order[end]][node.depth] == label { end += 1 }
            nodes.append(Node(tokens: first..<end, depth: node.depth + 1, label: label, parent: index))
            rest = end..<rest.endIndex
        }
        nodes[index].children = firstChild..<nodes.count
    }

    private mutating func placeNodes() {
        var array = DoubleArray()
        var bases = [Int](repeating: 0, count: nodes.count)
        let byWidth = nodes.indices.sorted { nodes[$0].children.count > nodes[$1].children.count }
        for index in byWidth { bases[index] = array.place(nodes[index].children.map { nodes[$0].label }) }

        rootBase = UInt32(bases[0])
        slots = [UInt32](repeating: VocabularyTables.emptyLabel, count: array.labels.count)
        ends = [UInt32](repeating: VocabularyTables.none, count: array.labels.count)
        for (index, node) in nodes.enumerated().dropFirst() {
            let slot = bases[node.parent] ^ Int(node.label)
            slots[slot] = UInt32(node.label) | UInt32(bases[index]) << VocabularyTables.baseShift
            if node.end != VocabularyTables.none { slots[slot] |= VocabularyTables.hasToken }
            if !node.children.isEmpty { slots[slot] |= VocabularyTables.hasChildren }
            ends[slot] = node.end
        }
    }
}
