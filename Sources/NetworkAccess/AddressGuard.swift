/// Guards against server-side request forgery (SSRF): knows the private, local, reserved and metadata addresses, which are
/// refused unless an operator opens them.
package enum AddressGuard {
    /// The narrowest guarded block that `address` is in; nil for one that is public.
    package static func block(around address: IPAddress) -> AddressBlock? {
        if let embedded = translated(address) {
            return block(around: embedded) == nil ? nil : AddressBlock(address)
        }
        return blocks.filter { $0.contains(address) }.max { $0.prefixLength < $1.prefixLength }
    }

    /// What a NAT64 gateway makes of `address`: one of ours that has only version 6 reaches everything through it.
    private static func translated(_ address: IPAddress) -> IPAddress? {
        nat64.contains(address) ? .v4(UInt32(truncatingIfNeeded: address.bits)) : nil
    }

    private static let nat64 = block("64:ff9b::/96")

    private static let blocks = (metadata + version4 + version6).map(block)

    /// What clouds tell their machines, credentials included. Each is its own block: only its own name opens it.
    private static let metadata = [
        "169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.170.2", "169.254.170.23",
        "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::123", "fd00:ec2::23", "fd20:ce::254",
    ]

    private static let version4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "255.255.255.255",
    ]

    /// All but 2000::/3, and in that what is reserved or hides an address of version 4 (Teredo, 6to4).
    private static let version6 = [
        "::", "::1", "::/96", "::/3", "4000::/2", "8000::/1", "64:ff9b:1::/48", "100::/64", "5f00::/16",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ]

    private static func block(_ text: String) -> AddressBlock {
        guard let block = AddressBlock(text) else { preconditionFailure("no block: \(text)") }
        return block
    }
}
