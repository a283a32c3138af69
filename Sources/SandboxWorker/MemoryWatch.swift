internal import LinuxIsolation
internal import LinuxSystem

/// Looks at the memory of a session's processes now and then, where no control group bounds it.
///
/// It sees what processes map: private memory and shared. It does not see what a process hides between two looks, nor
/// memory that no process maps.
struct MemoryWatch {
    /// The most that all processes together may map, in bytes.
    let limit: UInt64
    /// When to look again, in microseconds.
    private(set) var dueTime: UInt64 = 0

    private static let runMicroseconds: UInt64 = 100_000
    private static let idleMicroseconds: UInt64 = 1_000_000

    init(limit: UInt64) {
        self.limit = limit
    }

    /// Whether a look is due and shows more than the limit.
    mutating func showsTooMuch(at now: UInt64, isRunning: Bool) -> Bool {
        guard now >= dueTime else { return false }
        // At first, what forks share counts for each of them; the exact figure costs more, so it comes second.
        let isTooMuch =
            MemoryWatch.sum("status", ["RssAnon:", "RssShmem:"]) > limit
            && MemoryWatch.sum("smaps_rollup", ["Pss_Anon:", "Pss_Shmem:"]) > limit
        let after = monotonicMicroseconds()
        let pause = isRunning ? MemoryWatch.runMicroseconds : MemoryWatch.idleMicroseconds
        // Where a look takes long, there are fewer.
        dueTime = after + max(pause, 10 * (after - now))
        return isTooMuch
    }

    /// Looks again soon: a run begins.
    mutating func beginRun() { dueTime = 0 }

    /// The sum of what `file` of all other processes here says under `names`, in bytes.
    private static func sum(_ file: String, _ names: Set<Substring>) -> UInt64 {
        Files.names(in: "/proc").reduce(0) { sum, process in
            guard let number = Int32(process), number != ThisProcess.pid,
                let text = try? Files.readText("/proc/\(process)/\(file)")
            else { return sum }
            return text.split(separator: "\n").reduce(sum) { sum, line in
                let words = line.split(whereSeparator: \.isWhitespace)
                guard words.count == 3, names.contains(words[0]) else { return sum }
                return sum + (UInt64(words[1]) ?? 0) << 10
            }
        }
    }
}
