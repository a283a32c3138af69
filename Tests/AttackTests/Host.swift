import Foundation
import Glibc

/// What code in a session must not change, or see: this machine.
struct Host {
    /// In a file of the machine's; no session may ever show or change it.
    static let canary = "canary-5e0f2d61"

    /// What attacks try to write, by names that nothing else uses.
    private static let targets = ["", "tmp", "home", "root", "var/tmp", "dev/shm", "dev", "run", "usr", "etc"]
        .flatMap { directory in ["fill", "sda", "hostile"].map { "/\(directory)/\($0)" } }

    private let canaryFile: URL
    private let before: [String: String]

    /// Remembers how things are, and lays out a file that must stay as it is.
    init() {
        canaryFile = FileManager.default.temporaryDirectory.appending(path: "harmonium-canary-\(UUID().uuidString)")
        try? Data(Host.canary.utf8).write(to: canaryFile)
        before = Host.state(canaryFile)
    }

    /// What is no longer as it was.
    func changes() -> [String] {
        defer { try? FileManager.default.removeItem(at: canaryFile) }
        let now = Host.state(canaryFile)
        return before.keys.filter { before[$0] != now[$0] }.sorted()
    }

    private static func state(_ canaryFile: URL) -> [String: String] {
        var state = ["canary file": (try? String(contentsOf: canaryFile, encoding: .utf8)) ?? "gone"]
        for file in ["hostname", "core_pattern", "modprobe"] {
            state[file] = (try? String(contentsOfFile: "/proc/sys/kernel/\(file)", encoding: .utf8)) ?? ""
        }
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        state["mounts"] = mounts.split(separator: "\n").sorted().joined(separator: "\n")
        for target in targets { state[target] = FileManager.default.fileExists(atPath: target) ? "there" : "none" }
        return state
    }

    /// All processes below `pid`.
    static func descendants(of pid: Int32) -> [Int32] {
        var children: [Int32: [Int32]] = [:]
        for (process, parent) in parents() { children[parent, default: []].append(process) }
        var found: [Int32] = []
        var next = [pid]
        while let parent = next.popLast() {
            found += children[parent, default: []]
            next += children[parent, default: []]
        }
        return found
    }

    /// Whether none of these processes is left.
    static func areGone(_ processes: [Int32]) -> Bool {
        processes.allSatisfy { kill($0, 0) != 0 && errno == ESRCH }
    }

    /// The control groups that a worker has made for sessions, in the hierarchy that holds the most of them.
    static func groups(of worker: Int32) -> [String] {
        let name = "harmonium-\(worker)"
        let root = URL(filePath: "/sys/fs/cgroup")
        guard let tree = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isDirectoryKey]) else {
            return []
        }
        var found: [[String]] = []
        for case let place as URL in tree where place.lastPathComponent == name {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
            found.append(names.filter { $0.hasPrefix("session-") })
        }
        return found.max { $0.count < $1.count } ?? []
    }

    private static func parents() -> [(Int32, Int32)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            guard let pid = Int32(name),
                let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                // The name in brackets is the process's own choice and may hold anything.
                let rest = stat.lastIndex(of: ")").map({ stat[$0...].split(separator: " ") }), rest.count > 2,
                let parent = Int32(rest[2])
            else { return nil }
            return (pid, parent)
        }
    }
}
