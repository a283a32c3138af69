internal import NetworkAccess
internal import PythonText

/// The host of a URL after everything that a resolver or another parser would make of it: a name or an address.
enum WebHost: Equatable, Sendable {
    /// Lower-case ASCII, without a dot at its end.
    case name(String)
    case version4(IPAddress)
    /// What was written in brackets, even if it is an address of version 4 in the clothes of version 6.
    case version6(IPAddress)

    /// Reads the host as it stands in a URL.
    init(_ written: Substring) throws(FetchError) {
        guard !written.isEmpty else { throw FetchError(.syntax, "the URL names no host") }
        if written.hasPrefix("[") {
            let inner = written.dropFirst().dropLast()
            guard written.hasSuffix("]"), inner.utf8.contains(UInt8(ascii: ":")), let address = IPAddress(inner) else {
                throw FetchError(.syntax, "the address in brackets cannot be read")
            }
            self = .version6(address)
            return
        }
        let name = try WebHost.ascii(written)
        if WebHost.endsInNumber(name) {
            guard let bits = WebHost.version4(name) else {
                throw FetchError(.syntax, "the host ends in a number and is no address")
            }
            self = .version4(.v4(bits))
        } else {
            guard let normalized = Destination.Host.normalized(name) else { throw WebHost.unreadable }
            self = .name(normalized)
        }
    }

    /// The same for the patterns of an allow-list.
    var destinationHost: Destination.Host {
        switch self {
        case .name(let name): .name(name)
        case .version4(let address), .version6(let address): .address(address)
        }
    }

    /// Percent-decoded, mapped and in ASCII: what a resolver is asked for.
    private static func ascii(_ written: Substring) throws(FetchError) -> String {
        guard let text = String(written).percentDecoded else { throw unreadable }
        guard let mapped = HostMapping.map(text) else {
            throw FetchError(.syntax, "the host has characters that cannot be used; write it as `xn--…`")
        }
        var labels: [String] = []
        for label in mapped.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard let encoded = Punycode.label(Substring(label)) else { throw unreadable }
            labels.append(encoded)
        }
        return labels.joined(separator: ".")
    }

    private static let unreadable = FetchError(.syntax, "the host cannot be read")
}

extension WebHost: CustomStringConvertible {
    var description: String {
        switch self {
        case .name(let name): name
        case .version4(let address): "\(address)"
        case .version6(.v6(let bits)): "[\(IPAddress.v6(bits))]"
        case .version6(.v4(let bits)): "[::ffff:\(IPAddress.v4(bits))]"
        }
    }
}

// Numbers as the URL standard of the WHATWG reads them, and with it every browser and most resolvers.
extension WebHost {
    private static func endsInNumber(_ name: String) -> Bool {
        let last = parts(of: name).last ?? ""
        if !last.isEmpty, last.utf8.allSatisfy(\.isDigit) { return true }
        return last.hasPrefix("0x") && last.utf8.dropFirst(2).allSatisfy { $0.hexDigit != nil }
    }

    private static func version4(_ name: String) -> UInt32? {
        let parts = parts(of: name)
        guard (1...4).contains(parts.count) else { return nil }
        var bits: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let value = number(part) else { return nil }
            let isLast = index == parts.count - 1
            // The last part fills what the others left.
            let width = isLast ? UInt64(8 * (5 - parts.count)) : 8
            guard value >> width == 0 else { return nil }
            bits = bits << width | value
        }
        return UInt32(bits)
    }

    private static func number(_ part: Substring) -> UInt64? {
        guard !part.isEmpty else { return nil }
        if part.hasPrefix("0x") { return part.count == 2 ? 0 : digits(part.dropFirst(2), radix: 16) }
        if part.hasPrefix("0"), part.count > 1 { return digits(part.dropFirst(), radix: 8) }
        return digits(part, radix: 10)
    }

    private static func digits(_ text: Substring, radix: Int) -> UInt64? {
        guard text.utf8.allSatisfy({ $0.hexDigit != nil }) else { return nil }
        let significant = text.drop { $0 == "0" }
        guard significant.utf8.count <= 16 else { return nil }
        return significant.isEmpty ? 0 : UInt64(significant, radix: radix)
    }

    /// The labels without the empty one after a dot at the end.
    private static func parts(of name: String) -> [Substring] {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        return parts
    }
}
