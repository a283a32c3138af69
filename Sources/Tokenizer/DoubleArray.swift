/// Gives the nodes of a trie their slots in a double array.
///
/// Nodes are placed in any order, best those with most children first: the many with one child then fill the holes.
struct DoubleArray {
    /// The label of the node in each slot, `empty` if there is none.
    private(set) var labels: [UInt16] = []
    private var isBase: [Bool] = []
    /// Slots that were free a moment ago; nodes with several children look only at these, the newest.
    private var candidates: [Int] = []
    private var takenSinceSweep = 0
    /// Older slots that were free, left to nodes with one child.
    private var holes: [Int] = []

    private static let empty = UInt16(VocabularyTables.emptyLabel)
    private static let blockSlots = 256
    private static let candidatesMax = 4096

    init() {
        grow()
        // The base of nodes without children: if one with children had it, all of them would seem to have these.
        isBase[0] = true
    }

    /// Takes slots for children with these labels, and gives their base; 0 for none.
    mutating func place(_ children: [UInt8]) -> Int {
        guard let first = children.first else { return 0 }
        if children.count == 1 { return placeOne(first) }
        while true {
            for slot in candidates where labels[slot] == Self.empty {
                let base = slot ^ Int(first)
                if !isBase[base], children.allSatisfy({ labels[base ^ Int($0)] == Self.empty }) {
                    take(base, children)
                    return base
                }
            }
            grow()
        }
    }

    private mutating func placeOne(_ label: UInt8) -> Int {
        holes += candidates
        candidates = []
        var unfit: [Int] = []
        defer { holes += unfit }
        while true {
            while let slot = holes.popLast() {
                guard labels[slot] == Self.empty else { continue }
                let base = slot ^ Int(label)
                if !isBase[base] {
                    take(base, [label])
                    return base
                }
                unfit.append(slot)
            }
            grow()
            swap(&holes, &candidates)
        }
    }

    private mutating func take(_ base: Int, _ children: [UInt8]) {
        isBase[base] = true
        for label in children { labels[base ^ Int(label)] = UInt16(label) }
        takenSinceSweep += children.count
        if takenSinceSweep > Self.candidatesMax / 8 { sweep() }
    }

    private mutating func sweep() {
        candidates.removeAll { labels[$0] != Self.empty }
        takenSinceSweep = 0
    }

    /// Adds a block of free slots. A base and the slots of its children are in the same block.
    private mutating func grow() {
        sweep()
        let excess = candidates.count - Self.candidatesMax
        if excess > 0 {
            holes += candidates[..<excess]
            candidates.removeFirst(excess)
        }
        candidates += labels.count..<labels.count + Self.blockSlots
        labels += repeatElement(Self.empty, count: Self.blockSlots)
        isBase += repeatElement(false, count: Self.blockSlots)
    }
}
