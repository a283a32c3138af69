internal import CLinux
internal import Glibc

/// What a process may do beside what its user may. Source: capabilities(7).
public struct Capabilities: OptionSet, Sendable {
    /// A bit for each capability's number.
    public let rawValue: UInt64
    /// Takes a bit for each capability's number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Reaches files whatever their permissions.
    public static let overrideFilePermissions = Capabilities(rawValue: 1 << 1)
    /// Signals processes of others.
    public static let kill = Capabilities(rawValue: 1 << 5)
    /// Takes on any group.
    public static let setGroup = Capabilities(rawValue: 1 << 6)
    /// Takes on any user.
    public static let setUser = Capabilities(rawValue: 1 << 7)
    /// Mounts, and makes namespaces.
    public static let administerSystem = Capabilities(rawValue: 1 << 21)

    /// Whether the calling thread has all of these.
    public var areHeld: Bool {
        (0..<64).allSatisfy { rawValue >> UInt64($0) & 1 == 0 || clinux_has_capability(CInt($0)) == 1 }
    }

    /// Becomes `user` with these alone and runs this process's program anew, with the same arguments.
    ///
    /// Returns only by throwing. Descriptors that are not close-on-exec stay open.
    public func restart(asUser user: UInt32, group: UInt32) throws(SystemError) -> Never {
        try check("become user \(user)", clinux_become_with(user, group, rawValue))
        var arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) } + [nil]
        unsafe execv("/proc/self/exe", &arguments)
        throw SystemError("execv /proc/self/exe", code: errno)
    }
}

/// A user of this machine.
public struct SystemUser: Equatable, Sendable {
    /// The number.
    public let id: UInt32
    /// The main group's number.
    public let group: UInt32

    /// The user with this name, nil if there is none.
    public init?(named name: String) {
        guard let entry = unsafe getpwnam(name) else { return nil }
        id = unsafe entry.pointee.pw_uid
        group = unsafe entry.pointee.pw_gid
    }
}
