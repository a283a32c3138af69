/// Names a session.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    /// Whose session it is; there is one tenant, without a name, until there are accounts.
    public let tenant: String
    /// What its client calls it, or a name that the server made; at most 256 bytes.
    public let name: String

    /// Names a session of a tenant.
    public init(_ name: String, tenant: String = "") {
        self.tenant = tenant
        self.name = name
    }

    /// The name, after that of a tenant which has one.
    public var description: String { tenant.isEmpty ? name : "\(tenant)/\(name)" }
}
