/// The members of a JSON object, in order.
///
/// Names are compared by their bytes, as JSON does: to Swift, `é` and `e` with a combining accent are the same text. Finding
/// a member takes time in proportion to their number, of which objects of protocols have few.
public struct JSONObject: Sendable, Hashable {
    /// A named value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSONValue

        /// A member of an object.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The members in order, no two of one name.
    public private(set) var members: [Member]

    /// An object without members.
    public init() { members = [] }

    /// An object with these members; of a repeated name the last value stands in the first place. Takes linear time.
    public init(_ members: some Sequence<Member>) {
        var builder = Builder()
        for member in members { builder.append(member) }
        self = builder.object
    }

    /// The value of a member; nil for none. Setting it keeps the member's place, or adds one at the end; nil removes it.
    public subscript(name: String) -> JSONValue? {
        get { place(of: name).map { members[$0].value } }
        set {
            switch (place(of: name), newValue) {
            case (let place?, let value?): members[place] = Member(name, value)
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }

    /// How many members there are.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The members, with those of `other` set after them.
    public func merging(_ other: JSONObject) -> JSONObject { JSONObject(members + other.members) }

    private func place(of name: String) -> Int? { members.firstIndex { $0.name.hasBytes(of: name) } }
}

extension JSONObject: Sequence {
    /// Goes through the members in order.
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Members in order; of a repeated name the last value stands in the first place.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONObject {
    /// An object that grows member by member, in linear time whatever the names are.
    struct Builder {
        /// Up to so many members, looking at each is quicker than an index.
        private static let unindexedMax = 16

        private(set) var object = JSONObject()
        /// Nil while there are few members.
        private var index: NameIndex?

        /// Adds a member at the end, or puts it in the place of the one with its name.
        mutating func append(_ member: Member) {
            if let place = place(of: member.name) {
                object.members[place] = member
            } else {
                object.members.append(member)
            }
        }

        /// The place of the member with this name; nil for a new one, whose place is at the end.
        private mutating func place(of name: String) -> Int? {
            let count = object.members.count
            guard count >= Self.unindexedMax else { return object.place(of: name) }
            if index == nil {
                var index = NameIndex()
                for place in 0..<count { _ = index.place(of: object.members[place].name, in: object.members) }
                self.index = index
            }
            return index?.place(of: name, in: object.members)
        }
    }

    /// The places of members by name: a table with open addressing.
    ///
    /// A slot keeps the hash of its name. So a growing table hashes no name again, and looks at names only where the hashes
    /// are equal. The hash has a seed of the process, so that no client can choose names that collide.
    private struct NameIndex {
        private struct Slot {
            var hash = 0
            /// The place of the member; -1 for a free slot.
            var place = -1
        }

        /// As many as a power of two, at least twice the names.
        private var slots = Array(repeating: Slot(), count: 64)
        private var count = 0

        /// The place of the member with this name; nil for a new one, which gets the place after the last.
        mutating func place(of name: String, in members: [Member]) -> Int? {
            let hash = name.hashOfBytes
            let slot = slot(for: hash) { members[$0].name.hasBytes(of: name) }
            guard slots[slot].place < 0 else { return slots[slot].place }
            slots[slot] = Slot(hash: hash, place: count)
            count += 1
            if count * 2 > slots.count { grow() }
            return nil
        }

        /// The slot with this hash whose place is the one wanted, or the free slot for it.
        private func slot(for hash: Int, isWanted: (Int) -> Bool) -> Int {
            let slots = slots.span
            let mask = slots.count - 1
            var slot = hash & mask
            while slots[slot].place >= 0, slots[slot].hash != hash || !isWanted(slots[slot].place) {
                slot = (slot + 1) & mask
            }
            return slot
        }

        private mutating func grow() {
            let old = slots
            slots = Array(repeating: Slot(), count: old.count * 2)
            for entry in old where entry.place >= 0 {
                let slot = slot(for: entry.hash) { _ in false }
                slots[slot] = entry
            }
        }
    }
}

extension String {
    /// Whether both have the same bytes in UTF-8.
    fileprivate func hasBytes(of other: String) -> Bool {
        let bytes = utf8.span
        let others = other.utf8.span
        guard bytes.count == others.count else { return false }
        for place in bytes.indices where bytes[place] != others[place] { return false }
        return true
    }

    /// A hash of the bytes in UTF-8. That of `String` is the same for texts that are canonically equivalent.
    fileprivate var hashOfBytes: Int {
        let bytes = utf8.span
        var hasher = Hasher()
        hasher.combine(bytes.count)
        var place = 0
        while place < bytes.count {
            var word: UInt64 = 0
            for offset in place..<Swift.min(place &+ 8, bytes.count) { word = word << 8 | UInt64(bytes[offset]) }
            hasher.combine(word)
            place &+= 8
        }
        return hasher.finalize()
    }
}
