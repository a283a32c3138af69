/// The destinations that a session or the browser may reach: an allow-list. All others are refused.
///
/// A pattern is one of
/// - `pypi.org:443`: one host and one port; without a port, 80 and 443 are meant;
/// - `*.example.com:443`: every host below `example.com`, and not `example.com` itself;
/// - `*:443`: every host;
/// - `192.0.2.1:8080`, `[2001:db8::1]:443`, `10.1.2.0/24:5432`, `[fd00:1::/32]:443`: addresses.
///
/// Letter case and a dot at the end do not matter. A name that is allowed and resolves to a private, local or otherwise
/// special address is refused all the same, unless a pattern names that address: the address itself, or a block that
/// lies within the special range, such as `10.1.2.0/24` in `10.0.0.0/8`. So `0.0.0.0/0` opens no private network, and
/// the addresses where clouds keep their metadata are opened one by one.
public struct AllowList: Sendable {
    private let patterns: [AllowPattern]

    /// Reads an allow-list; an empty one allows nothing.
    ///
    /// - Throws: An error that names the first malformed pattern.
    public init(allowing patterns: [String]) throws(AllowListError) {
        var read: [AllowPattern] = []
        for pattern in patterns { read.append(try AllowPattern(pattern)) }
        self.patterns = read
    }

    /// A list with nothing on it.
    package static let none = AllowList()

    private init() { patterns = [] }

    /// Whether a client may ask for `destination`, before its name is resolved.
    package func allows(_ destination: Destination) -> Bool {
        patterns.contains { $0.matches(destination) }
    }

    /// Whether a connection may be made to `address`, which is public or opened on purpose.
    package func accepts(_ address: IPAddress, port: Int) -> Bool {
        guard let guarded = AddressGuard.block(around: address) else { return true }
        return opens(address, port: port, in: guarded)
    }

    /// Whether a pattern names `destination`, by more than allowing every host.
    package func names(_ destination: Destination) -> Bool {
        patterns.contains { $0.hosts != .any && $0.matches(destination) }
    }

    /// Whether a pattern opens `address`, which is in `guarded`.
    package func opens(_ address: IPAddress, port: Int, in guarded: AddressBlock) -> Bool {
        patterns.contains { $0.opens(address, port: port, in: guarded) }
    }

    /// What is allowed, for a sentence to the model.
    package var summary: String {
        if patterns.isEmpty { return "nothing outside" }
        let shown = patterns.prefix(AllowList.shownMax).map(\.text).joined(separator: ", ")
        let rest = patterns.count - AllowList.shownMax
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }

    private static let shownMax = 20
}
