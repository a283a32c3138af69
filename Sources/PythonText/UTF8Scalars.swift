/// Scalars of well-formed UTF-8.
///
/// In other bytes nothing traps: a sequence that is cut short reads as far as there is something.
extension [UInt8] {
    /// The scalar that begins at `index`, and how many bytes it takes.
    package func scalar(at index: Int) -> (value: UInt32, length: Int) {
        let first = self[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length = Swift.min(first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4, count - index)
        var value = UInt32(first & (first < 0xE0 ? 0x1F : first < 0xF0 ? 0x0F : 0x07))
        for offset in 1..<Swift.max(1, length) { value = value << 6 | UInt32(self[index + offset] & 0x3F) }
        return (value, length)
    }

    /// The scalar that ends before `index`, and how many bytes it takes.
    package func scalar(before index: Int) -> (value: UInt32, length: Int) {
        var start = index - 1
        while start > 0, index - start < 4, self[start] & 0xC0 == 0x80 { start -= 1 }
        return (scalar(at: start).value, index - start)
    }

    /// Appends `scalar` as UTF-8; what is no scalar as U+FFFD.
    package mutating func append(scalar: UInt32) {
        append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
    }

    /// How many scalars there are: all bytes but the continuing ones.
    package var scalarCount: Int {
        var count = 0
        for byte in self where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// Whether `other` stands at `index`.
    package func hasBytes(_ other: [UInt8], at index: Int) -> Bool {
        guard index >= 0, other.count <= count - index else { return false }
        for offset in 0..<other.count where self[index + offset] != other[offset] { return false }
        return true
    }

    /// Where `other` stands first, from `start` on.
    package func firstIndex(of other: [UInt8], from start: Int = 0) -> Int? {
        guard let first = other.first else { return start }
        var index = start
        while index + other.count <= count {
            if self[index] == first, hasBytes(other, at: index) { return index }
            index += 1
        }
        return nil
    }
}
