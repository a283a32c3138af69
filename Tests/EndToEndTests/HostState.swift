import Foundation
import Glibc
import LinuxSystem
import Testing

/// What no session may change of this machine, nor see.
struct HostState: Sendable {
    /// What stands in files of the machine that no session may ever show.
    let secrets: [String]
    private let canary: TemporaryDirectory
    private let before: [String: String]
    private let start = (wall: Date(), steady: ContinuousClock.now)

    /// Remembers how things are, and lays out a file that must stay as it is.
    init(absent files: [String]) throws {
        canary = try TemporaryDirectory()
        let mark = "canary-\(UUID())"
        try Data(mark.utf8).write(to: URL(filePath: "\(canary.path)/secret"))
        let shadow = (try? Files.readText("/etc/shadow"))?.split(separator: "\n").first.map(String.init)
        let machine = (try? Files.readText("/etc/machine-id"))?.trimmingCharacters(in: .whitespacesAndNewlines)
        secrets = [mark] + [shadow, machine].compactMap(\.self).filter { $0.count > 8 }
        before = HostState.state(canary.path, files)
    }

    /// What is no longer as it was.
    func changes(absent files: [String]) -> [String] {
        let now = HostState.state(canary.path, files)
        var changes = before.keys.filter { before[$0] != now[$0] }.sorted()
        let steady = (ContinuousClock.now - start.steady).components.seconds
        if abs(Date().timeIntervalSince(start.wall) - Double(steady)) > 30 { changes.append("the clock") }
        return changes
    }

    func remove() { canary.remove() }

    private static func state(_ canary: String, _ files: [String]) -> [String: String] {
        var state: [String: String] = ["canary": (try? Files.readText("\(canary)/secret")) ?? "gone"]
        for name in ["hostname", "domainname", "core_pattern", "modprobe", "random/boot_id"] {
            state[name] = (try? Files.readText("/proc/sys/kernel/\(name)")) ?? ""
        }
        // Of what is mounted only the machine's own: other programs mount too.
        let mounts = (try? Files.readText("/proc/self/mountinfo")) ?? ""
        state["mounts"] = mounts.split(separator: "\n").filter { $0.contains("harmonium") || $0.contains(" /mnt") }
            .joined(separator: "\n")
        for kind in ["shm", "msg", "sem"] {
            // The names of what there is; when it was used last is others' business.
            state["System V \(kind)"] = ((try? Files.readText("/proc/sysvipc/\(kind)")) ?? "").split(separator: "\n")
                .map { $0.split(separator: " ").prefix(2).joined(separator: " ") }.joined(separator: "\n")
        }
        for path in ["/tmp", "/etc", "/dev", "/mnt", "/usr/bin/true"] + files { state[path] = entry(path) }
        return state
    }

    /// Its owner and permissions.
    private static func entry(_ path: String) -> String {
        let found = try? FileManager.default.attributesOfItem(atPath: path)
        let owner = found?[.ownerAccountID] as? Int
        return "\(owner.map(String.init) ?? "none") \(found?[.posixPermissions] as? Int ?? 0)"
    }
}

extension Daemon {
    /// The processes that a tool's worker has for each session that waits, beside itself.
    static let waitingSessions = 4

    /// Whether nothing is left of the sessions of containers: processes and control groups are those of the pool alone.
    func hasOnlyWaitingContainers() async throws -> Bool {
        let worker = try await worker(of: "container").pid
        let living = ProcessEntry.descendants(of: worker).filter { !$0.hasEnded }
        guard living.count == Daemon.waitingSessions else { return false }
        let groups = try await ControlGroups.made(byWorker: worker).filter { $0.contains("/session-") }
        return Set(groups.compactMap { $0.split(separator: "/").last }).count <= Daemon.waitingSessions
    }

    /// Whether this machine accepts connections on a port of its loopback.
    static func isListening(onPort port: UInt16) -> Bool {
        guard let status = try? Files.readText("/proc/net/tcp") else { return false }
        return status.contains(":\(String(port, radix: 16, uppercase: true)) 00000000:0000 0A")
    }
}
