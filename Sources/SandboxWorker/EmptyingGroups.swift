internal import LinuxIsolation
internal import LinuxSystem

/// Control groups of sessions that have ended, until their last processes are gone and the kernel lets them be removed.
struct EmptyingGroups {
    private var groups: [ControlGroup] = []
    /// When to try again, in microseconds; nil while there is nothing to remove.
    private(set) var dueTime: UInt64?
    private var pause = firstPauseMicroseconds

    static let firstPauseMicroseconds: UInt64 = 20_000
    private static let lastPauseMicroseconds: UInt64 = 1_000_000

    var isEmpty: Bool { groups.isEmpty }

    /// Removes a group, or keeps it while its last process is still ending.
    mutating func remove(_ group: ControlGroup) {
        guard !group.remove() else { return }
        groups.append(group)
        pause = EmptyingGroups.firstPauseMicroseconds
        dueTime = monotonicMicroseconds() + pause
    }

    /// Tries again those that are due, each time after a longer pause.
    mutating func removeThoseEmpty(at now: UInt64) {
        guard let dueTime, dueTime <= now else { return }
        groups.removeAll { $0.remove() }
        pause = min(2 * pause, EmptyingGroups.lastPauseMicroseconds)
        self.dueTime = groups.isEmpty ? nil : monotonicMicroseconds() + pause
    }
}
