/// What sessions can reach.
package enum NetworkPolicy: String, CaseIterable, Sendable {
    /// Nothing: no interface, and no sockets but local ones.
    case none
    /// Itself, by a loopback interface of its own.
    case loopback
    /// Itself, and by a proxy on its loopback what the daemon lets through.
    case egress
}

/// Whether sessions that reach nothing share a network namespace; one of its own costs a session time.
package enum NetworkSharing: String, CaseIterable, Sendable {
    /// Where Landlock keeps their abstract sockets apart.
    case auto
    case always
    case never

    /// The first version of Landlock with scopes: Linux 6.12.
    static let scopesVersion = 6

    /// Whether they do on a kernel with this version of Landlock.
    func applies(landlock version: Int) -> Bool {
        switch self {
        case .auto: version >= NetworkSharing.scopesVersion
        case .always: true
        case .never: false
        }
    }
}
