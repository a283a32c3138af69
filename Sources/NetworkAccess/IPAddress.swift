/// An address of version 4 or 6, read strictly: what other parsers would guess at is nil here.
///
/// Version 4 written as version 6 (`::ffff:1.2.3.4`) becomes version 4, so that there is one way to judge it.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads `127.0.0.1` or `::1`, without brackets, zone, short forms, hexadecimal or octal numbers.
    package init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let bits = IPAddress.bits6(text) else { return nil }
            self = bits >> 32 == 0xffff ? .v4(UInt32(truncatingIfNeeded: bits)) : .v6(bits)
        } else {
            guard let bits = IPAddress.bits4(text) else { return nil }
            self = .v4(bits)
        }
    }

    /// How many bits it has.
    package var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// All bits, with those of version 4 at the low end.
    package var bits: UInt128 {
        switch self {
        case .v4(let bits): UInt128(bits)
        case .v6(let bits): bits
        }
    }

    private static func bits4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let value = decimal(part, digitsMax: 3), value <= 255 else { return nil }
            bits = bits << 8 | UInt32(value)
        }
        return bits
    }

    private static func bits6(_ text: some StringProtocol) -> UInt128? {
        guard text.utf8.count <= 45 else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(of: halves[0], isEnd: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 8 ? joined(head) : nil }
        guard let tail = groups(of: halves[1], isEnd: true), head.count + tail.count <= 7 else { return nil }
        return joined(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// The groups on one side of `::`; the end of an address may be written as version 4.
    private static func groups(of half: some StringProtocol, isEnd: Bool) -> [UInt16]? {
        if half.isEmpty { return [] }
        let parts = half.split(separator: ":", maxSplits: 8, omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if isEnd, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let bits = bits4(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit) else { return nil }
                guard let group = UInt16(part, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .v4(let bits):
            [24, 16, 8, 0].map { String(bits >> UInt32($0) & 0xff) }.joined(separator: ".")
        case .v6(let bits):
            stride(from: 112, through: 0, by: -16)
                .map { String(UInt16(truncatingIfNeeded: bits >> UInt128($0)), radix: 16) }
                .joined(separator: ":")
        }
    }
}

/// A number of at most `digitsMax` digits, without sign and without leading zeros.
package func decimal(_ text: some StringProtocol, digitsMax: Int) -> Int? {
    let digits = text.utf8
    guard (1...digitsMax).contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
    guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    return Int(text)
}

extension UInt8 {
    package var isDigit: Bool { (0x30...0x39).contains(self) }

    package var isHexDigit: Bool { isDigit || (0x41...0x46).contains(self) || (0x61...0x66).contains(self) }

    package var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
}
