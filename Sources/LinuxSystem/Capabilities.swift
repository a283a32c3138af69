internal import CLinux
internal import Glibc

/// What a process may do beside what its user may. Source: capabilities(7).
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct Capabilities: OptionSet, Sendable {
    /// A bit for each capability's number.
    public let rawValue: UInt64
    /// Takes a bit for each capability's number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Gives files to other users.
    public static let changeOwner = Capabilities(rawValue: 1 << 0)
    /// Reaches files whatever their permissions.
    public static let overrideFilePermissions = Capabilities(rawValue: 1 << 1)
    /// Does to files what their owner may.
    public static let owner = Capabilities(rawValue: 1 << 3)
    /// Keeps set-user-ID bits when it changes files.
    public static let keepSetID = Capabilities(rawValue: 1 << 4)
    /// Signals processes of others.
    public static let kill = Capabilities(rawValue: 1 << 5)
    /// Takes on any group.
    public static let setGroup = Capabilities(rawValue: 1 << 6)
    /// Takes on any user.
    public static let setUser = Capabilities(rawValue: 1 << 7)
    /// Gives up capabilities for good.
    public static let dropCapabilities = Capabilities(rawValue: 1 << 8)
    /// Listens on ports below 1024.
    public static let bindPorts = Capabilities(rawValue: 1 << 10)
    /// Changes its root directory.
    public static let changeRoot = Capabilities(rawValue: 1 << 18)
    /// Mounts, and makes namespaces.
    public static let administerSystem = Capabilities(rawValue: 1 << 21)

    /// Whether the calling thread has all of these.
    public var areHeld: Bool { missing.isEmpty }

    /// Those of these that the calling thread does not have.
    public var missing: Capabilities {
        (0..<64).map { Capabilities(rawValue: 1 << $0) }.reduce(into: []) { missing, one in
            let number = CInt(one.rawValue.trailingZeroBitCount)
            if contains(one) && clinux_has_capability(number) != 1 { missing.formUnion(one) }
        }
    }

    /// Becomes `user` with these capabilities alone, for good, also for programs that the calling thread executes.
    public func become(user: UInt32, group: UInt32) throws(SystemError) {
        try check("become user \(user)", clinux_become_with(user, group, rawValue))
    }

    /// Becomes `user` with these capabilities alone and executes this program again, with the same arguments.
    ///
    /// Returns only by throwing. Descriptors that are not close-on-exec stay open.
    public func restart(asUser user: UInt32, group: UInt32) throws(SystemError) -> Never {
        try check("become user \(user)", clinux_become_with(user, group, rawValue))
        var arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) } + [nil]
        unsafe execv("/proc/self/exe", &arguments)
        throw SystemError("execv /proc/self/exe", code: errno)
    }
}

extension Capabilities: CustomStringConvertible {
    private static let names: [(Capabilities, String)] = [
        (.overrideFilePermissions, "CAP_DAC_OVERRIDE"), (.kill, "CAP_KILL"), (.setGroup, "CAP_SETGID"),
        (.setUser, "CAP_SETUID"), (.dropCapabilities, "CAP_SETPCAP"), (.administerSystem, "CAP_SYS_ADMIN"),
    ]

    /// The names that capabilities(7) has for those that are named here, with commas between.
    public var description: String {
        Capabilities.names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}

/// A user of this machine.
public struct SystemUser: Equatable, Sendable {
    /// The number.
    public let id: UInt32
    /// The main group's number.
    public let group: UInt32

    /// The user with this name, nil if this machine has no such user.
    public init?(named name: String) {
        guard let entry = unsafe getpwnam(name) else { return nil }
        id = unsafe entry.pointee.pw_uid
        group = unsafe entry.pointee.pw_gid
    }
}
