internal import Glibc
package import LinuxIsolation
internal import LinuxSystem

/// Makes sessions, keeps some waiting on the listening socket, and removes what those that ended leave.
///
/// A session goes through the stages of ``SessionProcess/Stage``, in one direction:
///
/// - `making`: cloned; its supervisor applies its layers. `ready` on its notice pipe ends the stage, and so do 40 seconds,
///   after which the pool kills it.
/// - `waiting`: it waits in `accept` on the socket that all sessions share; the kernel gives a connection to one of them.
/// - `taken`: the daemon has it. The pool makes the next one a little later, for the first cell needs the processor.
/// - `ending`: its notice pipe has closed. Once its process is gone too, its control group can be removed. After 10 seconds
///   it counts as leaked; with too many of those the worker ends, and takes them along.
///
/// The pool is one `poll` over standard input (whose end is the daemon's), the shared socket, the zygote, the daemon's
/// requests about data, and two descriptors for each session. A session that cannot be made is a line for the daemon and
/// another try in a second. The process is small and holds no secrets, for each supervisor is a fork of it.
package struct SessionPool: ~Copyable {
    private let poolSize: Int
    private let sessionsMax: Int
    private var maker: SessionMaker
    private let zygote: ProcessHandle?
    private var sessions: [SessionProcess] = []
    private var isEnding = false
    private var emptyingGroups = EmptyingGroups()
    /// Before this no session is made: the last try failed, or one was just taken and its first run needs the processor.
    private var pauseEnd: UInt64?
    /// Whether the last try to make a session failed.
    private var isUnable = false
    private var leakedReported = 0

    private static let retryMicroseconds: UInt64 = 1_000_000
    private static let endingMicroseconds: UInt64 = 2_000_000
    private static let firstRunMicroseconds: UInt64 = 10_000
    /// With more sessions than these that do not end, the worker ends and the daemon starts another.
    private var leakedMax: Int { min(16, sessionsMax / 8) }

    /// A pool of what `maker` makes; the end of `zygote`, where sessions need one, is the end of the pool.
    package init(
        options: WorkerOptions,
        maker: consuming SessionMaker,
        zygote: consuming ProcessHandle?
    ) {
        poolSize = options.poolSize
        sessionsMax = options.sessionsMax
        self.maker = maker
        self.zygote = zygote
    }

    /// Serves until standard input ends.
    ///
    /// - Throws: Why the first session could not be confined; that the zygote has ended, or that too many sessions do not
    ///   end. The pool has killed its sessions then.
    package mutating func serve() throws {
        do {
            try probe()
            refill()
            WorkerProgram.say("ready")
            while try waitForEvents() { refill() }
        } catch {
            try endAll()
            throw error
        }
        try endAll()
    }

    /// Makes a first session, which a pool that keeps none ends again.
    private mutating func probe() throws {
        let session = try maker.make()
        sessions.append(session)
        try session.readNotice()
        guard session.stage == .waiting else { throw SessionStartError() }
        // While it is being killed it may still accept a connection, and then reset it: so it has to be gone first.
        if poolSize == 0 { try endAll() }
        isEnding = false
    }

    /// Ends every session, and waits until their groups can be removed.
    private mutating func endAll() throws(SystemError) {
        isEnding = true
        for session in sessions { session.process.signal(SIGKILL) }
        let deadline = monotonicMicroseconds() + SessionPool.endingMicroseconds
        while !sessions.isEmpty || !emptyingGroups.isEmpty, monotonicMicroseconds() < deadline {
            var entries = sessions.map { PollEntry($0.process.descriptor.number, .read) }
            try poll(&entries, timeoutMicroseconds: EmptyingGroups.firstPauseMicroseconds)
            for index in sessions.indices.reversed() where !entries[index].ready.isEmpty { remove(at: index) }
            emptyingGroups.removeThoseEmpty(at: .max)
        }
    }

    private var available: Int { sessions.count { $0.isAvailable } }

    /// Whether one more may be made. Those that end make room, up to as many again.
    private var hasRoom: Bool {
        let ending = sessions.count { $0.stage == .ending }
        let bound = sessionsMax + max(poolSize, 1)
        return sessions.count - ending < bound && ending < bound
    }

    /// Waits for something to do; false once the daemon is gone.
    private mutating func waitForEvents() throws(SystemError) -> Bool {
        // A connection that waits there while there is no room would wake the pool all the time.
        let isWanted = available == 0 && pauseEnd == nil && hasRoom
        var entries = [
            PollEntry(STDIN_FILENO, .read), PollEntry(isWanted ? maker.listenerNumber : -1, .read),
            PollEntry(zygoteNumber, .read), PollEntry(maker.sharedData.listenerNumber, .read),
        ]
        for session in sessions {
            entries.append(PollEntry(session.process.descriptor.number, .read))
            entries.append(PollEntry(session.noticeNumber, .read))
        }
        try poll(&entries, timeoutMicroseconds: timeout)
        if !entries[0].ready.isEmpty, try standardInputEnded() { return false }
        if !entries[1].ready.isEmpty { make() }
        if !entries[2].ready.isEmpty { throw SystemError("the zygote has ended", code: ECHILD) }
        // From the last to the first, so that removing one does not move those that are still to come.
        for index in sessions.indices.reversed() where 5 + 2 * index < entries.count {
            if !entries[5 + 2 * index].ready.isEmpty { readNotice(of: sessions[index]) }
            if !entries[4 + 2 * index].ready.isEmpty { remove(at: index) }
        }
        // After the notices: a session that the daemon asks about was taken before.
        if !entries[3].ready.isEmpty { shareData() }
        try keepTime()
        return true
    }

    private var zygoteNumber: CInt {
        switch zygote {
        case .some(let process): process.descriptor.number
        case nil: -1
        }
    }

    private var timeout: UInt64? {
        let times = sessions.compactMap(\.dueTime) + [pauseEnd, emptyingGroups.dueTime].compactMap { $0 }
        let now = monotonicMicroseconds()
        return times.min().map { $0 > now ? $0 - now : 0 }
    }

    private mutating func keepTime() throws(SystemError) {
        let now = monotonicMicroseconds()
        emptyingGroups.removeThoseEmpty(at: now)
        for session in sessions { session.keepTime(at: now) }
        let leaked = sessions.count { $0.isLeaked }
        if leaked != leakedReported { WorkerProgram.say("leaked \(leaked)") }
        leakedReported = leaked
        guard leaked <= leakedMax else {
            throw SystemError("\(leaked) sessions do not end, and take their places along", code: EBUSY)
        }
    }

    private func standardInputEnded() throws(SystemError) -> Bool {
        let input = Descriptor(owning: STDIN_FILENO)
        let bytes = try input.read(upTo: 4096)
        _ = input.release()
        return bytes?.isEmpty == true
    }

    private mutating func refill() {
        if let pauseEnd {
            guard monotonicMicroseconds() >= pauseEnd else { return }
            self.pauseEnd = nil
        }
        // A pool that keeps none makes one after a failure, to learn whether sessions can be made again.
        let wanted = isUnable ? max(poolSize, 1) : poolSize
        while pauseEnd == nil, available < wanted, hasRoom { make() }
    }

    /// Makes a session; after a failure the pool tries again later.
    private mutating func make() {
        do {
            sessions.append(try maker.make())
        } catch {
            fail("a session could not be made: \(error)")
        }
    }

    /// Takes a notice of a session: that it is ready, that the daemon has it now, or that it ends.
    private mutating func readNotice(of session: SessionProcess) {
        let before = session.stage
        do {
            try session.readNotice()
        } catch {
            WorkerProgram.report("\(error)")
            return session.process.signal(SIGKILL)
        }
        switch session.stage {
        case .waiting:
            if isUnable { WorkerProgram.say("able") }
            isUnable = false
        case .taken:
            // With none left, the next connection would wait for the end of a pause.
            pauseEnd = available > 0 ? monotonicMicroseconds() + SessionPool.firstRunMicroseconds : nil
        case .ending:
            if before == .making, !isEnding { fail("a session ended before it was ready") }
        case .making: break
        }
    }

    /// Reports to the daemon that no session can be made now; the pool tries again later.
    private mutating func fail(_ reason: String) {
        WorkerProgram.report(reason)
        if !isUnable { WorkerProgram.say("unable \(reason)") }
        isUnable = true
        pauseEnd = monotonicMicroseconds() + SessionPool.retryMicroseconds
    }

    /// Answers what the daemon asks about the data directory of a session.
    private func shareData() {
        do throws(SystemError) {
            try maker.sharedData.answer { key in sessions.first { $0.key == key && $0.stage == .taken } }
        } catch {
            WorkerProgram.report("a request about a session's data was not answered: \(error)")
        }
    }

    private mutating func remove(at index: Int) {
        let session = sessions.remove(at: index)
        maker.sharedData.forget(session.key)
        if session.stage == .making, !isEnding { fail("a session ended before it was ready") }
        if let group = session.group { emptyingGroups.remove(group) }
    }
}

/// The first session ended while it applied its layers; it has reported why on standard error.
struct SessionStartError: Error, CustomStringConvertible {
    let description = "no session can be confined here; the reason is above"
}
