import Dispatch
import Foundation
import Glibc
import LinuxIsolation
import LinuxSystem
import Testing

/// A process as the kernel's table shows it.
struct ProcessEntry: CustomStringConvertible, Sendable {
    let pid: Int32
    let parent: Int32
    let name: String
    let command: String
    /// The letter of its state. Source: proc_pid_stat(5).
    let state: String

    /// Whether it only waits for its parent to take note of its end.
    var hasEnded: Bool { ["Z", "X"].contains(state) }

    var description: String { "\(pid) \(name)\(hasEnded ? " (ended)" : "")" }

    /// Every process; those that have ended and were not waited for too.
    static func all() -> [ProcessEntry] {
        Files.names(in: "/proc").compactMap { Int32($0) }.compactMap(ProcessEntry.init)
    }

    /// The processes that live and have `path` in their command line, which forks inherit.
    static func all(naming path: String) -> [ProcessEntry] {
        all().filter { $0.command.contains(path) && !$0.hasEnded }
    }

    /// Those that `pid` and its descendants have started.
    static func descendants(of pid: Int32) -> [ProcessEntry] {
        let children = Dictionary(grouping: all(), by: \.parent)
        var found: [ProcessEntry] = []
        var next = children[pid, default: []]
        while let entry = next.popLast() {
            found.append(entry)
            next += children[entry.pid, default: []]
        }
        return found
    }

    private init?(pid: Int32) {
        guard let status = try? Files.readText("/proc/\(pid)/stat"),
            let open = status.firstIndex(of: "("), let close = status.lastIndex(of: ")"),
            let command = try? Files.readText("/proc/\(pid)/cmdline")
        else { return nil }
        let fields = status[close...].dropFirst(2).split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        self.pid = pid
        self.parent = parent
        name = String(status[status.index(after: open)..<close])
        self.command = command
        state = String(fields[0])
    }
}

/// A hold on a process, which cannot come to mean another one.
final class HeldProcess: Sendable {
    private let handle: ProcessHandle

    init(_ pid: Int32) throws { handle = try ProcessHandle(of: pid) }

    func signal(_ number: CInt) { handle.signal(number) }

    /// Whether it has ended, or does so within `limit`.
    func ends(within limit: Duration) async throws -> Bool {
        let microseconds = UInt64(limit.components.seconds) * 1_000_000
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                var entries = [PollEntry(self.handle.descriptor.number, .read)]
                do {
                    try poll(&entries, timeoutMicroseconds: microseconds)
                    continuation.resume(returning: !entries[0].ready.isEmpty)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}

extension Daemon {
    /// The worker of a tool that runs now, once there is one.
    func worker(of tool: String = "python") async throws -> ProcessEntry {
        var worker: ProcessEntry?
        _ = await eventually {
            worker = ProcessEntry.all().first {
                $0.parent == pid && $0.command.contains("/harmonium-\(tool)\0") && !$0.hasEnded
            }
            return worker != nil
        }
        guard let worker else { throw NoWorker() }
        return worker
    }

    /// A hold on the daemon, and after it on every process that it and its descendants have started.
    func family() async throws -> [HeldProcess] {
        _ = try await worker()
        return try [HeldProcess(pid)] + ProcessEntry.descendants(of: pid).compactMap { try? HeldProcess($0.pid) }
    }

    /// Memory that is in RAM, in bytes.
    func residentBytes() throws -> Int {
        try memory(#/VmRSS:\s+([0-9]+) kB/#)
    }

    /// The most memory it ever had in RAM, in bytes.
    func residentBytesMax() throws -> Int {
        try memory(#/VmHWM:\s+([0-9]+) kB/#)
    }

    private func memory(_ line: Regex<(Substring, Substring)>) throws -> Int {
        let status = try Files.readText("/proc/\(pid)/status")
        let kilobytes = try #require(status.firstMatch(of: line).flatMap { Int($0.1) })
        return kilobytes << 10
    }

    /// How many descriptors are open.
    func descriptorCount() -> Int {
        Files.names(in: "/proc/\(pid)/fd").count
    }
}

/// The daemon has no worker.
struct NoWorker: Error {}
