internal import Glibc
public import LinuxSystem

/// The users and groups of a user namespace, and the IDs that they have outside of it. Source: user_namespaces(7).
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct UserMapping: Equatable, Sendable {
    /// An id inside, and the same user and group outside.
    public struct Entry: Equatable, Sendable {
        /// The id inside the namespace.
        public let inside: UInt32
        /// The user outside.
        public let user: UInt32
        /// The group outside.
        public let group: UInt32
        /// How many IDs follow one another from these on, at least 1.
        public let count: UInt32

        /// Users with groups of the same numbers inside.
        public init(inside: UInt32, user: UInt32, group: UInt32, count: UInt32 = 1) {
            self.inside = inside
            self.user = user
            self.group = group
            self.count = count
        }
    }

    /// The IDs of the namespace; every other user shows as the overflow ID, `nobody`.
    public let entries: [Entry]

    /// Whether processes in the namespace may change their supplementary groups, which takes a mapping made by root.
    public let allowsGroups: Bool

    /// A namespace with these users.
    public init(_ entries: [Entry], allowsGroups: Bool = false) {
        self.entries = entries
        self.allowsGroups = allowsGroups
    }

    /// Gives the user namespace of a process this mapping; `process` is a number or `self`. The kernel takes it once.
    ///
    /// Unless the mapping allows groups, it denies `setgroups` there, without which the kernel takes no mapping of groups
    /// from an ordinary user.
    ///
    /// - Throws: `EPERM` for IDs that this process may not hand out, or the second time.
    public func apply(to process: String) throws(SystemError) {
        if !allowsGroups { try Files.write("deny", to: "/proc/\(process)/setgroups") }
        try Files.write(lines(\.user), to: "/proc/\(process)/uid_map")
        try Files.write(lines(\.group), to: "/proc/\(process)/gid_map")
    }

    private func lines(_ outside: (Entry) -> UInt32) -> String {
        entries.map { "\($0.inside) \(outside($0)) \($0.count)\n" }.joined()
    }

    /// The two highest IDs of this namespace below two thousand million, which by convention belong to no user.
    ///
    /// Nil where fewer than 65 536 IDs exist: these two could belong to a user then.
    public static func unusedIDs() throws(SystemError) -> (UInt32, UInt32)? {
        let lines = try Files.readText("/proc/self/uid_map").split(separator: "\n")
        let ends = lines.compactMap { line -> UInt64? in
            let fields = line.split(separator: " ").compactMap { UInt64($0) }
            return fields.count == 3 ? fields[0] + fields[2] : nil
        }
        guard let end = ends.max().map({ min($0, 2_000_000_000) }), end >= 65536 else { return nil }
        return (UInt32(end - 2), UInt32(end - 1))
    }
}
