/// One entry of the allow-list: which hosts, on which ports.
struct AllowPattern: Sendable {
    enum Hosts: Equatable, Sendable {
        case any
        case name(String)
        /// Every name that ends in a dot and this one, and not this one itself.
        case subdomains(String)
        case block(AddressBlock)
    }

    /// As the operator wrote it.
    let text: String
    let hosts: Hosts
    let ports: Set<Int>

    init(_ text: String) throws(AllowListError) {
        func malformed(_ problem: String) -> AllowListError {
            AllowListError(code: .malformedPattern(AllowPattern.printable(text), problem))
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw malformed("only visible ASCII is understood; write an international name as `xn--…`")
        }
        guard !text.contains("://") else { throw malformed("this is a URL; write `host:port`") }
        let (hostText, portText) = AllowPattern.split(text)
        guard let hosts = AllowPattern.hosts(hostText) else {
            throw malformed("`\(hostText)` is no host name, `*`, `*.name`, address or block of addresses")
        }
        if let portText {
            guard let port = decimal(portText, digitsMax: 5), (1...65535).contains(port) else {
                throw malformed("`\(portText)` is no port between 1 and 65535")
            }
            ports = [port]
        } else {
            ports = [80, 443]
        }
        self.text = text
        self.hosts = hosts
    }

    /// Whether a session may ask for `destination`; its addresses are looked at later.
    func matches(_ destination: Destination) -> Bool {
        guard ports.contains(destination.port) else { return false }
        switch (hosts, destination.host) {
        case (.any, _): return true
        case (.name(let name), .name(let asked)): return name == asked
        case (.subdomains(let name), .name(let asked)): return asked.hasSuffix("." + name)
        case (.block(let block), .address(let asked)): return block.contains(asked)
        case (.name, .address), (.subdomains, .address), (.block, .name): return false
        }
    }

    /// Whether it means `address`, which is in `guarded`: an operator opens a guarded block by writing it, or a part of it.
    func opens(_ address: IPAddress, port: Int, in guarded: AddressBlock) -> Bool {
        guard case .block(let block) = hosts else { return false }
        return ports.contains(port) && block.contains(address) && guarded.contains(block)
    }

    private static func split(_ text: String) -> (host: Substring, port: Substring?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (text[...], nil) }
            return rest.hasPrefix(":") ? (text[...end], rest.dropFirst()) : (text[...], nil)
        }
        guard let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") else { return (text[...], nil) }
        return (text[..<colon], text[text.index(after: colon)...])
    }

    private static func hosts(_ text: Substring) -> Hosts? {
        if text == "*" { return .any }
        if text.hasPrefix("*.") { return Destination.Host.normalized(text.dropFirst(2)).map(Hosts.subdomains) }
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), text.contains(":") else { return nil }
            return AddressBlock(text.dropFirst().dropLast()).map(Hosts.block)
        }
        if let block = AddressBlock(text) { return .block(block) }
        guard case .name(let name) = Destination.Host(text) else { return nil }
        return .name(name)
    }

    /// `text`, fit to stand in a message.
    private static func printable(_ text: String) -> String {
        text.prefix(256).unicodeScalars.map { $0.value < 0x20 ? "\\u{\(String($0.value, radix: 16))}" : "\($0)" }
            .joined()
    }
}
