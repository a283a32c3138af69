extension [UInt8] {
    /// Adds the bytes of `value`, the lowest first.
    package mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }

    /// The number whose bytes begin at `offset`, the lowest first; they must be there.
    package func littleEndian<Value: FixedWidthInteger>(_: Value.Type, at offset: Int) -> Value {
        var value: Value = 0
        for index in 0..<Value.bitWidth / 8 {
            value |= Value(truncatingIfNeeded: self[offset + index]) << Value(index * 8)
        }
        return value
    }
}
