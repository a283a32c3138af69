import LinuxSystem

/// Control groups of sessions that have ended, until the kernel lets go of them.
struct LeavingGroups {
    private var groups: [ControlGroup] = []
    /// When to try again, nil while there is nothing to remove.
    private(set) var dueTime: UInt64?
    private var pause = firstPauseMicroseconds

    static let firstPauseMicroseconds: UInt64 = 20_000
    private static let lastPauseMicroseconds: UInt64 = 1_000_000

    var isEmpty: Bool { groups.isEmpty }

    /// Removes a group, or keeps it while its last process is still leaving.
    mutating func remove(_ group: ControlGroup) {
        guard !group.remove() else { return }
        groups.append(group)
        pause = LeavingGroups.firstPauseMicroseconds
        dueTime = monotonicMicroseconds() + pause
    }

    /// Tries again what is due; what stays is tried ever more seldom.
    mutating func removeThoseEmpty(at now: UInt64) {
        guard let dueTime, dueTime <= now else { return }
        groups.removeAll { $0.remove() }
        pause = min(2 * pause, LeavingGroups.lastPauseMicroseconds)
        self.dueTime = groups.isEmpty ? nil : monotonicMicroseconds() + pause
    }
}
