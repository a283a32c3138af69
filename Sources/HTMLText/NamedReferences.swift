/// The named character references of HTML, found by the longest name that stands in a text.
struct NamedReferences: Sendable {
    static let shared = NamedReferences()

    /// The longest name is `CounterClockwiseContourIntegral;`.
    private static let nameBytesMax = 32
    /// The longest name that needs no semicolon is `frac34`, or one of its length.
    private static let openNameBytesMax = 6

    private struct Entry {
        let name: Range<Int32>
        let value: Range<Int32>
    }

    /// In order of their names' bytes.
    private let entries: [Entry]
    private let names: [UInt8]
    private let values: [UInt32]

    private init() {
        var (entries, names, values): ([Entry], [UInt8], [UInt32]) = ([], [], [])
        for word in NamedReferenceTable.entries.utf8.split(separator: UInt8(ascii: " ")) {
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let (nameStart, valueStart) = (Int32(names.count), Int32(values.count))
            names += word[..<equals]
            for number in word[equals...].dropFirst().split(separator: UInt8(ascii: "+")) {
                values.append(number.reduce(0) { $0 << 4 | UInt32($1 & 15) + UInt32($1 >> 6) * 9 })
            }
            entries.append(Entry(name: nameStart..<Int32(names.count), value: valueStart..<Int32(values.count)))
        }
        (self.entries, self.names, self.values) = (entries, names, values)
    }

    /// The scalars of the reference whose name begins at `start`, just after its `&`, and how long the name is.
    ///
    /// Without a semicolon only some names count, and in an attribute only before what cannot be more of a name.
    func match(in bytes: [UInt8], at start: Int, isAttribute: Bool) -> (scalars: ArraySlice<UInt32>, length: Int)? {
        var end = start
        while end < bytes.count, end - start < Self.nameBytesMax, Self.isAlphanumeric(bytes[end]) { end += 1 }
        guard end > start, start + 1 < bytes.count else { return nil }
        if end < bytes.count, bytes[end] == UInt8(ascii: ";"), let value = value(of: bytes[start...end]) {
            return (value, end + 1 - start)
        }
        if isAttribute {
            let next = end < bytes.count ? bytes[end] : 0
            guard next != UInt8(ascii: "="), !Self.isAlphanumeric(next), end - start <= Self.openNameBytesMax else {
                return nil
            }
            return value(of: bytes[start..<end]).map { ($0, end - start) }
        }
        var length = min(end - start, Self.openNameBytesMax)
        while length > 1 {
            if let value = value(of: bytes[start..<start + length]) { return (value, length) }
            length -= 1
        }
        return nil
    }

    private func value(of name: ArraySlice<UInt8>) -> ArraySlice<UInt32>? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let entry = names[Int(entries[middle].name.lowerBound)..<Int(entries[middle].name.upperBound)]
            if entry.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count else { return nil }
        let found = entries[low]
        guard names[Int(found.name.lowerBound)..<Int(found.name.upperBound)] == name else { return nil }
        return values[Int(found.value.lowerBound)..<Int(found.value.upperBound)]
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }
}
