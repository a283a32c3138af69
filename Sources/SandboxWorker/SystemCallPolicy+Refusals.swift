internal import Glibc
internal import LinuxSystem
internal import Seccomp

extension SystemCallPolicy {
    /// What is refused because of its arguments.
    static func refusals(_ network: NetworkPolicy) -> [SystemCallFilter.Rule] {
        cloneFlags + sockets(network) + urgentData + socketOptions + SystemCallFilter.keepingCoreLimit + supervisor
            + terminals
    }

    /// Flags that the list of allowed ones lacks: an `errno` for each bit, since a filter cannot say "any other".
    private static let cloneFlags = (0..<32).map { UInt64(1) << $0 }
        .filter { unusualFlags & ~UInt64(SIGCHLD) & $0 != 0 }
        .map { SystemCallFilter.Rule("clone", .argument(0, mask: $0, is: $0), action: .fail(EPERM)) }

    /// Families other than those of ``sockets(_:)``, and protocols that would load a module or widen what is attacked.
    private static func sockets(_ network: NetworkPolicy) -> [SystemCallFilter.Rule] {
        let networked = [AF_INET, AF_INET6].map { UInt64($0) }
        let others = (0..<64 as Range<UInt64>).filter { $0 != UInt64(AF_UNIX) && !networked.contains($0) }
        return ["socket", "socketpair"].flatMap { call in
            others.map { SystemCallFilter.Rule(call, .argument(0, is: $0), action: .fail(EPERM)) }
                + networked.flatMap { family -> [SystemCallFilter.Rule] in
                    if network == .none {
                        // What a program understands that tries to reach the network.
                        return [.init(call, .argument(0, is: family), action: .fail(ENETUNREACH))]
                    }
                    return otherProtocols.map { number in
                        .init(
                            call,
                            .argument(0, is: family),
                            .argument(2, is: number),
                            action: .fail(EPROTONOSUPPORT)
                        )
                    }
                }
        }
    }

    /// ICMP, DCCP, ICMPv6, SCTP, UDPLITE, SMC, MPTCP.
    private static let otherProtocols: [UInt64] = [1, 33, 58, 132, 136, 256, 262]

    /// `MSG_OOB`, which no program of today needs.
    private static let urgentData: [SystemCallFilter.Rule] =
        [("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3), ("recvfrom", 3), ("recvmsg", 2), ("recvmmsg", 3)]
        .map { SystemCallFilter.Rule($0.0, .argument($0.1, mask: 1, is: 1), action: .fail(EOPNOTSUPP)) }

    /// Socket filters (classic BPF and eBPF), zero-copy sends, and protocols on top of TCP and UDP.
    private static let socketOptions: [SystemCallFilter.Rule] =
        [
            // SO_ATTACH_FILTER, DETACH_FILTER, LOCK_FILTER, ATTACH_BPF, both ATTACH_REUSEPORT_, SO_ZEROCOPY
            (level: SOL_SOCKET, names: [26, 27, 44, 50, 51, 52, 60]),
            // TCP_REPAIR, TCP_ULP; UDP_ENCAP
            (level: CInt(IPPROTO_TCP), names: [19, 31]), (level: CInt(IPPROTO_UDP), names: [100]),
        ].flatMap { options in
            options.names.map { name in
                SystemCallFilter.Rule(
                    "setsockopt",
                    .argument(1, is: UInt64(options.level)),
                    .argument(2, is: name),
                    action: .fail(ENOPROTOOPT)
                )
            }
        }

    /// The supervisor, PID 1, keeps its limits and priority. Where it is another user, the kernel sees to that.
    private static let supervisor: [SystemCallFilter.Rule] =
        ["prlimit64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"].map {
            .init($0, .argument(0, is: 1), action: .fail(EPERM))
        } + [
            .init("setpriority", .argument(0, is: 0), .argument(1, is: 1), action: .fail(EPERM)),
            // PRIO_USER: all processes of a user, the supervisor too.
            .init("setpriority", .argument(0, is: 2), action: .fail(EPERM)),
        ]

    /// TIOCSTI and TIOCLINUX insert input into a terminal.
    private static let terminals: [SystemCallFilter.Rule] = [0x5412, 0x541C].map {
        .init("ioctl", .argument(1, is: $0), action: .fail(ENOTTY))
    }

    /// Being dumpable, secure bits and being read by others stay as they are.
    static let readability: [SystemCallFilter.Rule] = [4, 28, 31, 32].map {
        .init("prctl", .argument(0, is: $0), action: .fail(EPERM))
    }
}
