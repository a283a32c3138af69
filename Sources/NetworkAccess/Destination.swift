/// A host and a port, as a client asks for them: the name has not been resolved.
package struct Destination: Hashable, Sendable {
    /// A name, in lower case and without a dot at its end, or an address.
    package enum Host: Hashable, Sendable {
        case name(String)
        case address(IPAddress)
    }

    package let host: Host
    package let port: Int

    package init(host: Host, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, or `[::1]:port`; `defaultPort` is for an authority without one.
    package init?(authority: some StringProtocol, defaultPort: Int? = nil) {
        guard let (hostText, portText) = Destination.split(authority), let host = Host(hostText) else { return nil }
        guard let port = portText.map({ decimal($0, digitsMax: 5) }) ?? defaultPort else { return nil }
        guard (1...65535).contains(port) else { return nil }
        self.host = host
        self.port = port
    }

    /// How the `Host` field says it: without a port that goes without saying.
    package var authority: String { port == 80 ? "\(host)" : description }

    private static func split(_ authority: some StringProtocol) -> (host: Substring, port: Substring?)? {
        let text = Substring(authority)
        // Only the last colon after the bracket can begin a port.
        let start = text.lastIndex(of: "]") ?? text.startIndex
        guard let colon = text[start...].firstIndex(of: ":") else { return (text, nil) }
        return (text[..<colon], text[text.index(after: colon)...])
    }
}

extension Destination: CustomStringConvertible {
    package var description: String { "\(host):\(port)" }
}

extension Destination.Host {
    static let nameBytesMax = 253
    static let labelBytesMax = 63

    /// Reads a name or an address, where one of version 6 stands in brackets.
    ///
    /// What looks like a number is an address or nothing: a resolver would take `127.1` and `0x7f.1` for addresses.
    package init?(_ text: some StringProtocol) {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), text.utf8.contains(UInt8(ascii: ":")) else { return nil }
            guard let address = IPAddress(text.dropFirst().dropLast()) else { return nil }
            self = .address(address)
        } else if let name = Destination.Host.normalized(text) {
            self = .name(name)
        } else {
            let bare = text.hasSuffix(".") ? text.dropLast() : text[...]
            guard !bare.utf8.contains(UInt8(ascii: ":")), let address = IPAddress(bare) else { return nil }
            self = .address(address)
        }
    }

    /// `text` as the name of a host, or nil if it cannot be one.
    package static func normalized(_ text: some StringProtocol) -> String? {
        let name = (text.hasSuffix(".") ? text.dropLast() : text[...]).lowercased()
        guard (1...nameBytesMax).contains(name.utf8.count) else { return nil }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy(isLabel), let last = labels.last, !isNumber(last) else { return nil }
        return name
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let bytes = label.utf8
        guard (1...labelBytesMax).contains(bytes.count) else { return false }
        guard bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isNumber(_ label: Substring) -> Bool {
        label.utf8.allSatisfy(\.isDigit) || label.hasPrefix("0x") && label.utf8.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}

extension Destination.Host: CustomStringConvertible {
    package var description: String {
        switch self {
        case .name(let name): name
        case .address(.v4(let bits)): "\(IPAddress.v4(bits))"
        case .address(.v6(let bits)): "[\(IPAddress.v6(bits))]"
        }
    }
}
