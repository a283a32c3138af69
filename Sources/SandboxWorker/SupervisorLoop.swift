package import LinuxIsolation
package import LinuxSystem
package import SandboxProtocol

/// What a supervisor does for the daemon beside files: Python's cells, or a container's commands.
///
/// The loop calls it between two waits; it must not wait itself, for the daemon and the clock would wait too.
///
/// - Throws: From each function that throws, what ends the session: a request that the daemon never sends, or a failure of
///   the system.
package protocol SupervisedWork: ~Copyable {
    /// Whether something that the daemon asked for is under way.
    var isRunning: Bool { get }

    /// When something has to be done even if no descriptor gets ready, in microseconds; nil for never.
    func dueTime(from now: UInt64) -> UInt64?

    /// The descriptors to wait for. Output should wait while the daemon has no room for it.
    func entries(at now: UInt64) -> [PollEntry]

    /// Acts on what the descriptors of ``entries(at:)`` are ready for, in the same order.
    mutating func handle(ready: [PollEntry.Events]) throws

    /// Acts on a request that is not about files. One that the daemon never sends is an error, and ends the session.
    mutating func handle(_ request: Frame) throws

    /// Does what is due at `now`, in microseconds.
    mutating func keepTime(at now: UInt64) throws

    /// The processes of the session map more memory than they may: kills those that do.
    mutating func killForMemory()

    /// The data directory is another one from now on; what has been opened of the one before is to be closed.
    mutating func reopenData() throws

    /// A child of this process has ended and was reaped: the work's own, or an orphan of the session's.
    mutating func handleEnd(of child: Int32, _ end: ProcessEnd)
}

/// The loop of a session's supervisor, PID 1: it serves the daemon until that closes the connection.
///
/// One thread waits in one `poll` for the daemon, for the work's descriptors and for the next deadline. Nothing in it
/// waits for one side alone: a daemon that does not read stops output (``DaemonConnection``), and not the clock.
///
/// The order in an iteration matters:
///
/// 1. Requests, so that an interrupt is seen before more output.
/// 2. The work's descriptors.
/// 3. Ended children, whom only PID 1 can reap.
/// 4. Deadlines, after all that has happened: what ended in time is no timeout.
/// 5. What is to be sent, all at once.
package struct SupervisorLoop<Work: SupervisedWork & ~Copyable>: ~Copyable {
    private let daemon: DaemonConnection
    private let files: FileService
    private let memory: SessionMemory
    private var work: Work

    /// Serves `daemon` with `work`, and what it asks about files with `files`.
    package init(
        daemon: DaemonConnection,
        files: FileService,
        memory: SessionMemory,
        work: consuming Work
    ) {
        self.daemon = daemon
        self.files = files
        self.memory = memory
        self.work = work
    }

    /// Serves until the daemon closes the connection.
    ///
    /// - Throws: `FrameError` for a frame that no daemon sends, `SystemError`, and what the work throws; each ends the session.
    package mutating func serve() throws {
        while true {
            let now = monotonicMicroseconds()
            var entries = [daemon.entry] + work.entries(at: now)
            try poll(&entries, timeoutMicroseconds: timeout(from: now))
            if !entries[0].ready.subtracting(.write).isEmpty {
                guard try daemon.receive() else { return }
                while let request = try daemon.nextRequest() { try handle(request) }
            }
            try work.handle(ready: entries.dropFirst().map { $0.ready })
            while let child = try reapChild() { work.handleEnd(of: child.pid, child.end) }
            try keepTime()
            try daemon.flush()
        }
    }

    private func timeout(from now: UInt64) -> UInt64? {
        let times = [work.dueTime(from: now), memory.dueTime].compactMap { $0 }
        return times.min().map { $0 > now ? $0 - now : 0 }
    }

    private mutating func keepTime() throws {
        let now = monotonicMicroseconds()
        if memory.showsTooMuch(at: now, isRunning: work.isRunning) { work.killForMemory() }
        try work.keepTime(at: now)
    }

    private mutating func handle(_ frame: Frame) throws {
        guard let request = try FileRequest(frame) else { return try work.handle(frame) }
        if request == .reopen { try work.reopenData() }
        for event in files.answer(request, memoryLeft: memory.left) { daemon.send(SessionEvent.file(event).frame) }
    }
}
