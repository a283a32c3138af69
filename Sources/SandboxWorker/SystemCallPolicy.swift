internal import Glibc
package import LinuxSystem
package import Seccomp

/// What code in a session may ask of the kernel: the list in `sandbox/syscalls.txt`, and what depends on arguments.
///
/// There are two filters, and both have to allow a call. The first lists what is allowed, and anything else does not exist
/// (`ENOSYS`). The second lists what is refused all the same, or with a better reason: see `SystemCallPolicy+Refusals.swift`.
package enum SystemCallPolicy {
    /// Builds both filters from the list at `path`, in the order in which a process installs them.
    ///
    /// - Parameters:
    ///   - path: The list.
    ///   - network: What the session can reach.
    ///   - users: Whether sandboxed code is root, which may do what only root does inside its namespaces, and has terminals.
    /// - Returns: Both filters, built and not yet installed.
    /// - Throws: `SystemError`, where the list cannot be read or libseccomp refuses a rule.
    package static func filters(
        path: String,
        network: NetworkPolicy,
        users: SessionUsers
    ) throws(SystemError) -> [SystemCallFilter] {
        let words = try Files.readText(path).split(separator: "\n").compactMap { line in
            line.prefix(while: { $0 != "#" }).split(whereSeparator: \.isWhitespace).first.map(String.init)
        }
        let roots = users == .root ? rootCalls : []
        let allowed = words.filter { !$0.hasPrefix("!") } + roots
        let refused = words.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }.filter { !roots.contains($0) }
        return [
            try SystemCallFilter(
                allowed.map { .init($0, action: .allow) } + allowances(network)
                    + (users == .root ? terminalCalls + rootControls : []),
                otherwise: .fail(ENOSYS)
            ),
            // Installed last, so its reasons are the ones that a caller sees.
            try SystemCallFilter(
                refused.map { .init($0, action: .fail(EPERM)) } + refusals(network)
                    + (users == .root ? [] : readability),
                otherwise: .allow
            ),
        ]
    }

    /// What root may do beside others.
    private static let rootCalls = ["capset", "chroot"]

    /// What shells, editors and terminal multiplexers ask of terminals.
    private static let terminalCalls: [SystemCallFilter.Rule] =
        [
            // TCSBRK, TCXONC, TCFLSH, TIOCSCTTY, TIOCOUTQ, TIOCSWINSZ, TIOCNOTTY, TIOCGSID, TIOCGPTPEER
            0x5409, 0x540A, 0x540B, 0x540E, 0x5411, 0x5414, 0x5422, 0x5429, 0x5441,
            // TIOCSPTLCK, TIOCGPTN, TCGETS2, TCSETS2 and its two variants
            0x4004_5431, 0x8004_5430, 0x802C_542A, 0x402C_542B, 0x402C_542C, 0x402C_542D,
        ].map { SystemCallFilter.Rule("ioctl", .argument(1, is: $0), action: .allow) }

    /// SET_DUMPABLE, SET_KEEPCAPS, CAPBSET_DROP, CAP_AMBIENT
    private static let rootControls: [SystemCallFilter.Rule] = [4, 8, 24, 47].map {
        SystemCallFilter.Rule("prctl", .argument(0, is: $0), action: .allow)
    }

    /// What is allowed with some arguments.
    private static func allowances(_ network: NetworkPolicy) -> [SystemCallFilter.Rule] {
        let installing = SystemCallFilter.Rule("seccomp", action: .allow)
        return [installing] + clone + sockets(network) + fcntl + ioctl + prctl + personality
    }

    /// What fork, vfork, posix_spawn and threads of C libraries and of Go ask for, and no other flag.
    ///
    /// A child that takes its creator's parent (`CLONE_PARENT`) would be a child of the worker's; one in a new namespace
    /// would have rights to gain there.
    private static let clone = [0, UInt64(SIGCHLD)].map { signal in
        SystemCallFilter.Rule("clone", .argument(0, mask: unusualFlags, is: signal), action: .allow)
    }

    /// All bits but those of the usual flags; the signal at the end, in the lowest eight, is among them.
    static let unusualFlags: UInt64 = 0xFFFF_FFFF & ~usualFlags

    /// `CLONE_` VM, FS, FILES, SIGHAND, PIDFD, VFORK, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, DETACHED
    /// (which musl still says, and which means nothing) and CHILD_SETTID.
    private static let usualFlags: UInt64 = 0x017D_5F00

    /// Local sockets, and where there is a network TCP and UDP.
    private static func sockets(_ network: NetworkPolicy) -> [SystemCallFilter.Rule] {
        var kinds: [(family: CInt, type: UInt64, protocols: [UInt64])] = [1, 2, 5].map { (AF_UNIX, $0, [0, 1]) }
        if network != .none {
            for family in [AF_INET, AF_INET6] { kinds += [(family, 1, [0, 6]), (family, 2, [0, 17])] }
        }
        return ["socket", "socketpair"].flatMap { call in
            kinds.flatMap { kind in
                kind.protocols.map { number in
                    SystemCallFilter.Rule(
                        call,
                        .argument(0, is: UInt64(kind.family)),
                        // The other bits ask for a descriptor that is not inherited, or does not wait.
                        .argument(1, mask: 0xF, is: kind.type),
                        .argument(2, is: number),
                        action: .allow
                    )
                }
            }
        }
    }

    /// Copies and flags of descriptors, locks, owners of signals, sizes of pipes and seals.
    ///
    /// Not `F_NOTIFY` and `F_SETLEASE`, by which the kernel reports what other sessions do with files that all share.
    private static let fcntl: [SystemCallFilter.Rule] =
        [
            // F_DUPFD, GETFD, SETFD, GETFL, SETFL, GETLK, SETLK, SETLKW, SETOWN, GETOWN, and the OFD locks
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 36, 37, 38,
            // F_DUPFD_QUERY, DUPFD_CLOEXEC, SETPIPE_SZ, GETPIPE_SZ, ADD_SEALS, GET_SEALS
            1027, 1030, 1031, 1032, 1033, 1034,
        ].map { SystemCallFilter.Rule("fcntl", .argument(1, is: $0), action: .allow) }

    /// What programs ask of files, pipes, sockets and terminals.
    private static let ioctl: [SystemCallFilter.Rule] =
        [
            // TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FIOASYNC
            0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x5452,
            // TCSETS and its two variants, TIOCGPGRP, TIOCSPGRP
            0x5402, 0x5403, 0x5404, 0x540F, 0x5410,
        ].map { SystemCallFilter.Rule("ioctl", .argument(1, is: $0), action: .allow) }

    /// What a process may change about itself.
    private static let prctl: [SystemCallFilter.Rule] =
        [
            1, 2, 3, 15, 16, 21, 23, 29, 30, 36, 37, 38, 39, 40, 41, 42,
            // Names for memory, which the C library gives.
            0x5356_4D41,
        ].map { SystemCallFilter.Rule("prctl", .argument(0, is: $0), action: .allow) }

    /// Asking for it, and the ordinary one.
    private static let personality: [SystemCallFilter.Rule] = [0, 0xFFFF_FFFF].map {
        SystemCallFilter.Rule("personality", .argument(0, is: $0), action: .allow)
    }
}
