internal import PythonText

/// Gives each name of a page its tag.
struct TagNames {
    /// Names are cut here, in bytes.
    static let nameBytesMax = 100
    /// How many different unknown names a page may have; further ones count as one.
    private static let unknownMax = 1 << 16

    private var unknown: [ByteString: Int32] = [:]
    /// The tags of names in which a known one stands before a `<`: `p<b`.
    private(set) var beginnings: [Tag: Tag] = [:]
    /// The tags of custom elements that are whole applications by their name: `app-root`, `my-app`.
    private(set) var applications: Set<Tag> = []
    private let table = KnownNames.shared

    /// The tag for `name`, which is in lower case.
    mutating func tag(_ name: [UInt8]) -> Tag {
        if let known = table.tag(name) { return known }
        if let number = unknown[ByteString(name)] { return Tag(number) }
        let number = Int32(Tag.names.count + min(unknown.count, Self.unknownMax))
        guard unknown.count < Self.unknownMax else { return Tag(number) }
        unknown[ByteString(name)] = number
        if name.suffix(5).elementsEqual("-root".utf8) || name.suffix(4).elementsEqual("-app".utf8) {
            applications.insert(Tag(number))
        }
        if let bracket = name.firstIndex(of: UInt8(ascii: "<")), let known = table.tag(Array(name[..<bracket])) {
            beginnings[Tag(number)] = known
        }
        return Tag(number)
    }
}

/// A hash table of the known names, each packed into two words.
private struct KnownNames: Sendable {
    static let shared = KnownNames()

    private var slots: [(low: UInt64, high: UInt64, number: Int32)]

    private init() {
        slots = Array(repeating: (0, 0, -1), count: 512)
        for (number, name) in Tag.names.enumerated() {
            guard let (low, high) = Self.pack(Array(name.utf8)) else { preconditionFailure("a long name: \(name)") }
            var slot = Self.hash(low, high)
            while slots[slot].number >= 0 { slot = (slot + 1) & 511 }
            slots[slot] = (low, high, Int32(number))
        }
    }

    func tag(_ name: [UInt8]) -> Tag? {
        guard let (low, high) = Self.pack(name) else { return nil }
        var slot = Self.hash(low, high)
        while slots[slot].number >= 0 {
            if slots[slot].low == low, slots[slot].high == high { return Tag(slots[slot].number) }
            slot = (slot + 1) & 511
        }
        return nil
    }

    private static func pack(_ name: [UInt8]) -> (UInt64, UInt64)? {
        guard name.count <= 16 else { return nil }
        var (low, high): (UInt64, UInt64) = (0, 0)
        for (index, byte) in name.enumerated() {
            if index < 8 { low = low << 8 | UInt64(byte) } else { high = high << 8 | UInt64(byte) }
        }
        return (low, high)
    }

    private static func hash(_ low: UInt64, _ high: UInt64) -> Int {
        Int(truncatingIfNeeded: ((low ^ high &* 31) &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
}
