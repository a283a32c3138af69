package import LinuxSystem

/// Reads what a session writes: at once while little comes, in batches while much does, bounded between runs.
///
/// It owns no descriptor: each is lent for a call, and none is waited for.
///
/// - Throws: `SystemError`, why a descriptor cannot be read, from each function that throws.
package struct OutputRelay {
    /// Before this nothing is read, in microseconds.
    private var dueTime: UInt64 = 0
    private var background: [UInt8] = []
    private var backgroundDropped: UInt64 = 0

    /// A writer of many small pieces runs this long before the supervisor reads them together.
    private static let batchMicroseconds: UInt64 = 1000
    /// Between runs, output is read at most this often, which slows background threads that write much.
    private static let backgroundMicroseconds: UInt64 = 50_000
    private static let chunkBytes = 1 << 16
    private static let backgroundBytesMax = 1 << 14
    /// The most that a pipe can hold, so the most that was written before now.
    private static let pipeBytesMax = 1 << 20

    /// A relay between runs that has read nothing.
    package init() {}

    /// Whether to read now, in microseconds.
    package func isDue(at now: UInt64) -> Bool { now >= dueTime }

    /// When to read next without another reason; nil if now.
    package func nextTime(from now: UInt64) -> UInt64? { isDue(at: now) ? nil : dueTime }

    /// Reads at once again: a run begins or ends.
    package mutating func restart() { dueTime = 0 }

    /// What a run has written, at most 64 KiB: nil if nothing yet, empty if nothing can come any more.
    package mutating func read(from output: borrowing Descriptor) throws(SystemError) -> [UInt8]? {
        guard let bytes = try output.read(upTo: OutputRelay.chunkBytes) else { return nil }
        // After a short piece others may follow soon.
        dueTime = bytes.count < OutputRelay.chunkBytes / 2 ? monotonicMicroseconds() + OutputRelay.batchMicroseconds : 0
        return bytes
    }

    /// All that was written before now, at most 1 MiB, in pieces of at most 64 KiB.
    package func drain(_ output: borrowing Descriptor) throws(SystemError) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var count = 0
        while count < OutputRelay.pipeBytesMax {
            guard let bytes = try output.read(upTo: OutputRelay.chunkBytes), !bytes.isEmpty else { break }
            count += bytes.count
            pieces.append(bytes)
        }
        return pieces
    }

    /// Reads what was written while nothing ran, and keeps its tail of 16 KiB.
    package mutating func collectBackground(from output: borrowing Descriptor) throws(SystemError) {
        for bytes in try drain(output) { background += bytes }
        dropExcess()
        dueTime = monotonicMicroseconds() + OutputRelay.backgroundMicroseconds
    }

    /// Puts a sentence of ours between what is written while nothing runs.
    package mutating func note(_ sentence: String) {
        background += Array(sentence.utf8)
        dropExcess()
    }

    private mutating func dropExcess() {
        let excess = background.count - OutputRelay.backgroundBytesMax
        if excess > 0 {
            background.removeFirst(excess)
            backgroundDropped += UInt64(excess)
        }
    }

    /// Gives the tail that was kept and the number of bytes before it, and forgets both; nil if nothing was written.
    package mutating func takeBackground() -> (tail: [UInt8], dropped: UInt64)? {
        guard !background.isEmpty else { return nil }
        defer {
            background = []
            backgroundDropped = 0
        }
        return (background, backgroundDropped)
    }
}
