import Glibc
import LinuxSystem

/// All processes of the session but its supervisor, to be stopped while the session is not used.
///
/// They are stopped by signals: a control group's freezer would keep them from dying when the supervisor is killed.
struct SessionProcesses {
    private enum Stage {
        case running
        /// These were stopped here; others had been before.
        case frozen([Int32])
        /// They were asked to end, and are killed at this time, in microseconds.
        case ending(UInt64)
    }

    private var stage = Stage.running

    /// When the rest has to be killed, in microseconds; nil while nothing is due.
    var dueTime: UInt64? { if case .ending(let time) = stage { time } else { nil } }

    /// Stops all that run.
    mutating func freeze() {
        guard case .running = stage else { return }
        let before = Set(SessionProcesses.all.filter(\.isStopped).map(\.process))
        // All at once: of those that fork all the time, each look at the table would miss the newest.
        _ = kill(-1, SIGSTOP)
        stage = .frozen(SessionProcesses.all.map(\.process).filter { !before.contains($0) })
    }

    /// Lets those go on that were stopped; children first, so that no parent sees a child that stands still.
    mutating func thaw() {
        guard case .frozen(let stopped) = stage else { return }
        for process in stopped.sorted(by: >) { _ = kill(process, SIGCONT) }
        stage = .running
    }

    /// Asks all to end; those that still run after `graceMicroseconds` are killed.
    ///
    /// - Returns: How many there were.
    mutating func end(graceMicroseconds: UInt64) -> Int {
        let count = SessionProcesses.all.count
        guard count > 0 else { return 0 }
        _ = kill(-1, SIGTERM)
        thaw()
        stage = .ending(monotonicMicroseconds() + graceMicroseconds)
        return count
    }

    /// Kills what has not ended in time.
    mutating func keepTime(at now: UInt64) {
        guard case .ending(let time) = stage, now >= time else { return }
        _ = kill(-1, SIGKILL)
        stage = .running
    }

    /// Each process with whether it is stopped. This process is the first of its pid namespace, and not among them.
    private static var all: [(process: Int32, isStopped: Bool)] {
        Files.names(in: "/proc").compactMap { Int32($0) }.filter { $0 > 1 }.compactMap { process in
            guard let line = try? Files.readText("/proc/\(process)/stat") else { return nil }
            // After the name, which may hold anything: the state.
            let state = line.split(separator: ")").last?.split(separator: " ").first
            return state == "Z" ? nil : (process, state == "T")
        }
    }
}
