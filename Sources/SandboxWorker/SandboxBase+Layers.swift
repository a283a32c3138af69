internal import LinuxIsolation
internal import LinuxSystem

extension SandboxBase {
    /// What confines a session here, as `on|off NAME: DETAIL`.
    package var layers: [String] {
        [
            "on namespaces: user, pid, mount, ipc, uts, cgroup; \(networkLayer)",
            usersLayer,
        ] + rootLayer + [
            ThisProcess.runsFromMemory
                ? "on program: it runs from a sealed copy in memory, which no session can change"
                : "off program: a session can change its file's mode if its user owns it; set vm.memfd_noexec below 2"
        ] + groupLayers + [
            coreLayer,
            "on seccomp: only listed system calls; no tracing, no namespaces"
                + (network == .none ? ", no sockets but local ones" : ""),
            landlockLayer,
        ]
    }

    private var usersLayer: String {
        switch ids.users {
        case .separate where ids.areOwn:
            "on separate users: supervisor and interpreter are different users, without files on this machine"
        case .separate:
            "off separate users: supervisor and interpreter are the worker's user, with its groups; files that not every "
                + "user may read are covered, as of the start; start with CAP_SETUID and CAP_SETGID to part them"
        case .root where ids.areOwn:
            "on separate users: root and all other users of a session are a range of IDs of its own outside"
        case .root:
            "off separate users: root of a session is the worker's user outside, with its groups, and there is no other; files "
                + "that not every user may read are covered, as of the start; start with CAP_SETUID and CAP_SETGID for more"
        }
    }

    private var rootLayer: [String] {
        guard let layersOfRoot else { return [] }
        let places = layersOfRoot.unwritable.joined(separator: ", ")
        return [
            places.isEmpty
                ? "on writable root: root of a session may change every directory, for itself"
                : "off writable root: in \(places) a session can make nothing in directories that there are, for their owner is "
                    + "no user of its own; a file system whose mounts can be mapped to users has it (ext4, XFS, Btrfs)"
        ]
    }

    private var networkLayer: String {
        let kind =
            if network != .none {
                "network with loopback alone"
            } else if hasOwnNetworks {
                "network without interfaces"
            } else {
                "network shared by sessions and without interfaces"
            }
        return kind + (network == .egress ? ", and a proxy of the daemon's on it" : "")
    }

    private var groupLayers: [String] {
        [
            groups.boundsMemory
                ? "on memory group: \(limits.memoryBytes >> 20) MiB for all processes of a session"
                : "off memory group: no writable control group (start as root, or delegate one); limits count per process, "
                    + "the sum is looked at ten times a second, and files and shared memory that no process maps are "
                    + "bounded by nothing but their file systems",
            groups.boundsProcesses
                ? "on process group: \(limits.processesMax) processes and threads in a session"
                : "off process group: no writable control group; the limit counts by user",
            groups.sharesProcessors
                ? "on processor group: sessions share the processors equally, below the daemon"
                : "off processor group: no writable control group; sessions run at a lower priority than the daemon, "
                    + "which means little where a session starts others by setsid (set kernel.sched_autogroup_enabled=0)",
        ]
    }

    private var coreLayer: String {
        if CoreDumps.areRefused {
            let receiver = CoreDumps.receiver == .file ? "" : ", which kernel.core_pattern names: \(CoreDumps.pattern)"
            return "on core dumps: a crash leaves no file and starts no program of the machine's\(receiver)"
        }
        return switch CoreDumps.receiver {
        case .file, .program:
            "off core dumps: kernel.core_pattern starts a program as root when a cell crashes, and the hard limit on "
                + "cores is 0, which does not keep it; start with a limit of 1 (LimitCORE=1, ulimit -Hc 1)"
        case .socket:
            "off core dumps: kernel.core_pattern hands the memory of a cell that crashes to a socket, whatever the limit; "
                + "set it to a file or a program"
        }
    }

    private var landlockLayer: String {
        if ThisProcess.landlockVersion() >= NetworkSharing.scopesVersion {
            return "on Landlock: abstract sockets and signals end at the session"
        }
        return hasOwnNetworks
            ? "on Landlock: without its scopes (Linux 6.12) abstract sockets end at the session's own network namespace"
            : "off Landlock: sessions share abstract sockets, as python.shared-network says; Linux 6.12 has the scope"
    }
}
