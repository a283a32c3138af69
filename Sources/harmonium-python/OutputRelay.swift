import LinuxSystem
import PythonProtocol

/// Reads what a session writes: at once while little comes, in batches while much does, in bounds between runs.
struct OutputRelay {
    private var isRunning = false
    /// Before this nothing is read, in microseconds.
    private var dueTime: UInt64 = 0
    private var background: [UInt8] = []
    private var backgroundDropped: UInt64 = 0

    /// A writer of many small pieces is let run this long, and then read in one go.
    private static let batchMicroseconds: UInt64 = 1000
    /// Threads left behind are read this seldom: they may go on, at some pace.
    private static let backgroundMicroseconds: UInt64 = 50_000
    private static let chunkBytes = 1 << 16
    private static let backgroundBytesMax = 1 << 14
    /// The most that a pipe can hold, so the most that was written before now.
    private static let pipeBytesMax = 1 << 20

    func isDue(at now: UInt64) -> Bool { now >= dueTime }

    /// When to look again unasked, nil if now.
    func nextTime(from now: UInt64) -> UInt64? { isDue(at: now) ? nil : dueTime }

    mutating func beginRun() {
        isRunning = true
        dueTime = 0
    }

    mutating func endRun() {
        isRunning = false
        dueTime = 0
    }

    /// What a run has written: nil if nothing yet, empty if nothing can come any more.
    mutating func read(from output: borrowing Descriptor) throws(SystemError) -> [UInt8]? {
        guard let bytes = try output.read(upTo: OutputRelay.chunkBytes) else { return nil }
        // A short piece was preceded by waiting, or will be followed by others.
        dueTime = bytes.count < OutputRelay.chunkBytes / 2 ? monotonicMicroseconds() + OutputRelay.batchMicroseconds : 0
        return bytes
    }

    /// All that was written before now, in pieces.
    func drain(_ output: borrowing Descriptor) throws(SystemError) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var count = 0
        while count < OutputRelay.pipeBytesMax {
            guard let bytes = try output.read(upTo: OutputRelay.chunkBytes), !bytes.isEmpty else { break }
            count += bytes.count
            pieces.append(bytes)
        }
        return pieces
    }

    /// Keeps the end of what was written while nothing ran.
    mutating func collectBackground(from output: borrowing Descriptor) throws(SystemError) {
        for bytes in try drain(output) { background += bytes }
        let excess = background.count - OutputRelay.backgroundBytesMax
        if excess > 0 {
            background.removeFirst(excess)
            backgroundDropped += UInt64(excess)
        }
        dueTime = monotonicMicroseconds() + OutputRelay.backgroundMicroseconds
    }

    /// What was kept, nil if nothing was written.
    mutating func takeBackground() -> PythonEvent? {
        guard !background.isEmpty else { return nil }
        defer {
            background = []
            backgroundDropped = 0
        }
        return .backgroundOutput(background, dropped: backgroundDropped)
    }
}
