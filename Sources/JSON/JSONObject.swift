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
        /// The place of each name; empty while there are few.
        private var places: [ByteName: Int] = [:]

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
            if places.isEmpty {
                for (place, member) in object.members.enumerated() { places[ByteName(text: member.name)] = place }
            }
            guard let place = places.updateValue(count, forKey: ByteName(text: name)) else { return nil }
            places[ByteName(text: name)] = place
            return place
        }
    }

    /// A name that is equal to those with the same bytes.
    private struct ByteName: Hashable {
        let text: String

        static func == (one: ByteName, other: ByteName) -> Bool { one.text.hasBytes(of: other.text) }

        func hash(into hasher: inout Hasher) {
            let bytes = text.utf8.span
            var place = 0
            while place < bytes.count {
                var word: UInt64 = 0
                for offset in place..<Swift.min(place + 8, bytes.count) { word = word << 8 | UInt64(bytes[offset]) }
                hasher.combine(word)
                place += 8
            }
        }
    }
}

extension String {
    /// Whether both have the same bytes in UTF-8.
    fileprivate func hasBytes(of other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
