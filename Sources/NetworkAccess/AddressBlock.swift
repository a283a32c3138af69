/// The addresses that share their first bits, as in `10.0.0.0/8`; a single address is a block of its own.
package struct AddressBlock: Hashable, Sendable {
    let first: IPAddress
    let prefixLength: Int

    /// The block of `address` alone.
    package init(_ address: IPAddress) {
        first = address
        prefixLength = address.width
    }

    /// Reads `10.0.0.0/8` or `10.0.0.1`; nil if bits are set after the prefix, which says two things at once.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = IPAddress(parts[0]) else { return nil }
        self.init(first)
        guard parts.count == 2 else { return }
        guard let length = decimal(parts[1], digitsMax: 3), length <= first.width else { return nil }
        // `::ffff:10.0.0.0/104` counts the bits of version 6 and has become version 4.
        guard first.width == 128 || !parts[0].utf8.contains(UInt8(ascii: ":")) else { return nil }
        self.init(first: first, prefixLength: length)
        guard first.bits & ~mask == 0 else { return nil }
    }

    private init(first: IPAddress, prefixLength: Int) {
        self.first = first
        self.prefixLength = prefixLength
    }

    private var mask: UInt128 {
        let all = first.width == 128 ? UInt128.max : UInt128(UInt32.max)
        let free = first.width - prefixLength
        return free == 128 ? 0 : all & ~((1 << UInt128(free)) - 1)
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.width == first.width && address.bits & mask == first.bits
    }

    package func contains(_ other: AddressBlock) -> Bool {
        other.prefixLength >= prefixLength && contains(other.first)
    }
}
