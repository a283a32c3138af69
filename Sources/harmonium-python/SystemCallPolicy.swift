import Glibc
import LinuxSystem

/// What code in a session may ask of the kernel: the list in `sandbox/syscalls.txt`, and what depends on arguments.
enum SystemCallPolicy {
    /// Builds the filter from the list at `path`.
    static func filter(path: String, network: NetworkPolicy) throws(SystemError) -> SystemCallFilter {
        let listed = try Files.readText(path).split(separator: "\n").compactMap { line -> SystemCallFilter.Rule? in
            guard let word = line.prefix(while: { $0 != "#" }).split(whereSeparator: \.isWhitespace).first else {
                return nil
            }
            return word.hasPrefix("!") ? .init(String(word.dropFirst()), .fail(EPERM)) : .init(String(word), .allow)
        }
        return try SystemCallFilter(listed + clone + sockets(network) + ioctl + prctl + personality)
    }

    /// What fork, vfork, posix_spawn and threads of C libraries and of Go ask for, and no other flag.
    ///
    /// A child that takes its creator's parent (`CLONE_PARENT`) would be the zygote's, which never waits for it; one in a
    /// new namespace would have rights to gain there.
    private static let clone: [SystemCallFilter.Rule] =
        [0, UInt64(SIGCHLD)].map { signal in
            SystemCallFilter.Rule("clone", argument: 0, mask: unusualFlags, is: signal, .allow)
        }
        + (0..<32).map { UInt64(1) << $0 }.filter { unusualFlags & ~UInt64(SIGCHLD) & $0 != 0 }.map { flag in
            SystemCallFilter.Rule("clone", argument: 0, mask: flag, is: flag, .fail(EPERM))
        }

    /// All bits but those of the usual flags; the signal at the end, in the lowest eight, is among them.
    private static let unusualFlags: UInt64 = 0xFFFF_FFFF & ~usualFlags

    /// `CLONE_` VM, FS, FILES, SIGHAND, PIDFD, VFORK, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, DETACHED
    /// (which musl still says, and which means nothing) and CHILD_SETTID.
    private static let usualFlags: UInt64 = 0x017D_5F00

    /// Sockets of the session's own, and none that leaves it.
    private static func sockets(_ network: NetworkPolicy) -> [SystemCallFilter.Rule] {
        ["socket", "socketpair"].flatMap { call in
            (0..<64 as Range<UInt64>).map { family in
                let action: SystemCallFilter.Action =
                    switch CInt(truncatingIfNeeded: family) {
                    case AF_UNIX: .allow
                    case AF_INET, AF_INET6:
                        // Otherwise what a program understands that tries to reach the network.
                        network == .none ? .fail(ENETUNREACH) : .allow
                    default: .fail(EPERM)
                    }
                return SystemCallFilter.Rule(call, argument: 0, is: family, action)
            }
        }
    }

    /// What programs ask of files, pipes and sockets; terminals take no input from here.
    private static let ioctl: [SystemCallFilter.Rule] =
        [
            // TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FIOASYNC
            0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x5452,
            // TCSETS and its two variants, TIOCGPGRP, TIOCSPGRP, SIOCATMARK
            0x5402, 0x5403, 0x5404, 0x540F, 0x5410, 0x8905,
        ].map { SystemCallFilter.Rule("ioctl", argument: 1, is: $0, .allow) }
        // TIOCSTI and TIOCLINUX put words into a terminal's mouth.
        + [0x5412, 0x541C].map { SystemCallFilter.Rule("ioctl", argument: 1, is: $0, .fail(ENOTTY)) }

    /// What a process may change about itself.
    private static let prctl: [SystemCallFilter.Rule] =
        [
            1, 2, 3, 15, 16, 21, 23, 29, 30, 36, 37, 38, 39, 40, 41, 42,
            // Names for memory, which the C library gives.
            0x5356_4D41,
        ].map { SystemCallFilter.Rule("prctl", argument: 0, is: $0, .allow) }
        // Nobody becomes readable or traceable anew.
        + [4, 28, 31, 32].map { SystemCallFilter.Rule("prctl", argument: 0, is: $0, .fail(EPERM)) }

    /// Asking for it, and the ordinary one.
    private static let personality: [SystemCallFilter.Rule] = [0, 0xFFFF_FFFF].map {
        SystemCallFilter.Rule("personality", argument: 0, is: $0, .allow)
    }
}
