package import LinuxIsolation
internal import LinuxSystem

/// A session's memory as its supervisor sees it: by its control group, or else by looks at its processes.
package final class SessionMemory {
    /// The session's control group; a handle of no group where none can be made.
    package let group: CgroupHandle
    private let limit: UInt64
    /// Where the kernel does not bound the session's memory.
    private var watch: MemoryWatch?

    /// Takes over the handle of a group; the session may hold `limit` bytes.
    init(of group: consuming CgroupHandle, limit: UInt64) {
        watch = group.boundsMemory ? nil : MemoryWatch(limit: limit)
        self.group = group
        self.limit = limit
    }

    /// How many bytes the session may still take; nil where its group does not bound them.
    package var left: UInt64? { group.memoryHeld().map { limit - min($0, limit) } }

    /// How many processes of the session the kernel has killed because the memory limit was reached.
    package var kills: Int { group.memoryKills() }

    /// Looks at the processes again soon, where that is needed: a run begins.
    package func beginRun() { watch?.beginRun() }

    /// When to look again, in microseconds; nil where the kernel bounds the memory.
    var dueTime: UInt64? { watch?.dueTime }

    /// Whether a look is due and shows that the processes map more than they may.
    func showsTooMuch(at now: UInt64, isRunning: Bool) -> Bool {
        watch?.showsTooMuch(at: now, isRunning: isRunning) == true
    }
}
