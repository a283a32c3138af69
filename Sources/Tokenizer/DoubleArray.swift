/// Gives the nodes of a trie their slots in a double array.
///
/// Nodes are placed in any order, best those with most children first: the many with one child then fill the holes.
struct DoubleArray {
    /// The label of the node in each slot, `empty` if there is none.
    private(set) var labels: [UInt16] = []
    private var isBase: [Bool] = []
    /// The free slots as a ring through `ring`, from the oldest to the newest: for each the next and the one before.
    private var next: [Int] = [0]
    private var previous: [Int] = [0]

    /// The ring's own place, between the newest and the oldest; slot n has place n + 1.
    private static let ring = 0
    private static let empty = UInt16(VocabularyTables.emptyLabel)
    private static let slotsInBlock = 256
    /// How many of the newest free slots a node with several children looks at before more are added.
    private static let triesMax = 64

    init() {
        grow()
        // The base of nodes without children: if one with children had it, all of them would seem to have these.
        isBase[0] = true
    }

    /// Takes slots for children with these labels, and gives their base; 0 for none.
    mutating func place(_ children: [UInt8]) -> Int {
        if children.isEmpty { return 0 }
        let base = children.count == 1 ? baseForOne(children[0]) : baseForSeveral(children)
        isBase[base] = true
        for label in children { take(base ^ Int(label), label) }
        return base
    }

    /// A base whose slots are free among the newest.
    private mutating func baseForSeveral(_ children: [UInt8]) -> Int {
        let first = Int(children[0])
        while true {
            var place = previous[Self.ring]
            var tries = 0
            while place != Self.ring, tries < Self.triesMax {
                let base = (place - 1) ^ first
                if !isBase[base], isFree(base, children) { return base }
                place = previous[place]
                tries += 1
            }
            grow()
        }
    }

    private func isFree(_ base: Int, _ children: [UInt8]) -> Bool {
        var index = 1
        while index < children.count, labels[base ^ Int(children[index])] == Self.empty { index += 1 }
        return index == children.count
    }

    /// A base for which the oldest free slot will do that can.
    private mutating func baseForOne(_ label: UInt8) -> Int {
        while true {
            var place = next[Self.ring]
            while place != Self.ring {
                let base = (place - 1) ^ Int(label)
                if !isBase[base] { return base }
                place = next[place]
            }
            grow()
        }
    }

    private mutating func take(_ slot: Int, _ label: UInt8) {
        labels[slot] = UInt16(label)
        let place = slot + 1
        next[previous[place]] = next[place]
        previous[next[place]] = previous[place]
    }

    /// Adds a block of free slots. A base and the slots of its children are in the same block.
    private mutating func grow() {
        for _ in 0..<Self.slotsInBlock {
            labels.append(Self.empty)
            isBase.append(false)
            let newest = previous[Self.ring]
            next.append(Self.ring)
            previous.append(newest)
            next[newest] = labels.count
            previous[Self.ring] = labels.count
        }
    }
}
