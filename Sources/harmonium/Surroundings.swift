internal import Foundation

/// The container that this program runs in, if any, and what keeps sessions from being confined there.
struct Surroundings: Equatable {
    enum Container: Equatable {
        case docker
        case podman
        case kubernetes
        /// Of a kind without a sign that is known here.
        case unknown
    }

    /// Nil on a plain machine.
    let container: Container?
    /// Whether a seccomp filter holds for this process already; it may refuse namespaces.
    let isFiltered: Bool
    /// Whether parts of `/proc` are covered; the kernel then refuses a new one to sessions.
    let isProcCovered: Bool
    /// Whether the kernel lets users make user namespaces.
    let allowsUserNamespaces: Bool

    /// Inspects the machine whose files are below `root`.
    init(root: String = "", environment: [String: String] = ProcessInfo.processInfo.environment) {
        func text(_ path: String) -> String { (try? String(contentsOfFile: root + path, encoding: .utf8)) ?? "" }
        func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }

        let groups = text("/proc/self/cgroup")
        container =
            if environment["KUBERNETES_SERVICE_HOST"] != nil || groups.contains("kubepods") {
                .kubernetes
            } else if isThere("/.dockerenv") || groups.contains("docker") {
                .docker
            } else if isThere("/run/.containerenv") {
                .podman
            } else if environment["container"] != nil {
                .unknown
            } else {
                nil
            }
        isFiltered = text("/proc/self/status").split(separator: "\n").contains { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            return fields.first == "Seccomp:" && fields.last != "0"
        }
        isProcCovered = text("/proc/self/mountinfo").split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 && fields[4].hasPrefix("/proc/") && fields[4] != "/proc/sys/fs/binfmt_misc"
        }
        let limits = ["/proc/sys/user/max_user_namespaces", "/proc/sys/kernel/unprivileged_userns_clone"]
        let restriction = text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        allowsUserNamespaces =
            !limits.contains { text($0).trimmingCharacters(in: .whitespacesAndNewlines) == "0" }
            && restriction.trimmingCharacters(in: .whitespacesAndNewlines) != "1"
    }

    /// The machine in one line.
    var summary: String {
        let place =
            switch container {
            case nil: "no container"
            case .docker: "a Docker container"
            case .podman: "a Podman container"
            case .kubernetes: "a pod of Kubernetes"
            case .unknown: "a container"
            }
        let obstacles = [
            isFiltered ? "under a seccomp filter" : nil, isProcCovered ? "with parts of /proc covered" : nil,
            allowsUserNamespaces ? nil : "without user namespaces for users",
        ].compactMap { $0 }
        return ([place] + obstacles).joined(separator: ", ")
    }

    /// What to change so that sessions can be confined here, one line each; empty where nothing has to change.
    var remedies: [String] {
        var remedies: [String] = []
        switch container {
        case .docker, .podman, .unknown:
            if isFiltered {
                remedies.append("add --security-opt seccomp=unconfined (sessions get a seccomp filter of their own)")
            }
            if isProcCovered { remedies.append("add --security-opt systempaths=unconfined") }
            if isFiltered || isProcCovered {
                remedies.append("where AppArmor is on, add --security-opt apparmor=unconfined")
            }
        case .kubernetes:
            if isFiltered { remedies.append("set securityContext.seccompProfile.type: Unconfined") }
            if isProcCovered {
                remedies.append("set hostUsers: false in the pod and procMount: Unmasked in the container")
            }
        case nil:
            if isProcCovered { remedies.append("mount nothing below /proc (ProtectKernelTunables= of systemd does)") }
        }
        if !allowsUserNamespaces {
            remedies.append(
                "start as root, or on the machine: sysctl kernel.unprivileged_userns_clone=1 "
                    + "kernel.apparmor_restrict_unprivileged_userns=0 user.max_user_namespaces=10000"
            )
        }
        return remedies
    }
}
