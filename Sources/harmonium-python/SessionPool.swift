import Glibc
import LinuxSystem

/// Makes sessions, keeps some waiting on the listening socket, and clears away after those that ended.
///
/// It has no Python in it: a session's supervisor is a fork of this process, small and without anybody's secrets, and
/// orders its interpreter from the zygote.
struct SessionPool: ~Copyable {
    private let options: Options
    private var maker: SessionMaker
    private let zygote: ProcessHandle
    private let say: (String) -> Void
    private var sessions: [SessionProcess] = []
    private var isEnding = false
    private var leavingGroups = LeavingGroups()
    /// Before this no session is made: one could not be, or one was just taken and its first cell comes first.
    private var pauseEnd: UInt64?
    /// Whether the last session that was to be made could not be.
    private var isUnable = false
    private var leakedSaid = 0

    private static let retryMicroseconds: UInt64 = 1_000_000
    private static let endingMicroseconds: UInt64 = 2_000_000
    private static let firstCellMicroseconds: UInt64 = 10_000
    /// More sessions than these that do not end, and another worker has to begin.
    private var leakedMax: Int { min(16, options.sessionsMax / 8) }

    /// A pool of what `maker` makes, which says a line to the daemon by `say`.
    init(
        options: Options,
        maker: consuming SessionMaker,
        zygote: consuming ProcessHandle,
        say: @escaping (String) -> Void
    ) {
        self.options = options
        self.maker = maker
        self.zygote = zygote
        self.say = say
    }

    /// Serves until standard input ends. Throws if the first session could not be confined.
    mutating func serve() throws {
        do {
            try probe()
            refill()
            say("ready")
            while try waitForNews() { refill() }
        } catch {
            try endAll()
            throw error
        }
        try endAll()
    }

    /// Makes a first session, which stays only in a pool that keeps some.
    private mutating func probe() throws {
        let session = try maker.make()
        sessions.append(session)
        try session.hearNotice()
        guard session.stage == .waiting else { throw SessionStartError() }
        // One that is being killed may still accept a connection, and then reset it: it has to be gone first.
        if options.poolSize == 0 { try endAll() }
        isEnding = false
    }

    /// Ends every session, and waits until their groups can be removed.
    private mutating func endAll() throws(SystemError) {
        isEnding = true
        for session in sessions { session.process.signal(SIGKILL) }
        let deadline = monotonicMicroseconds() + SessionPool.endingMicroseconds
        while !sessions.isEmpty || !leavingGroups.isEmpty, monotonicMicroseconds() < deadline {
            var entries = sessions.map { PollEntry($0.process.descriptor.number, .read) }
            try poll(&entries, timeoutMicroseconds: LeavingGroups.firstPauseMicroseconds)
            for index in sessions.indices.reversed() where !entries[index].ready.isEmpty { clear(at: index) }
            leavingGroups.removeThoseEmpty(at: .max)
        }
    }

    private var waiting: Int { sessions.count { $0.isToBeTaken } }

    /// Whether one more may be made. Those that leave make room, though not for as many as want to.
    private var hasRoom: Bool {
        let leaving = sessions.count { $0.stage == .leaving }
        let bound = options.sessionsMax + max(options.poolSize, 1)
        return sessions.count - leaving < bound && leaving < bound
    }

    /// Waits for something to do; false once the daemon is gone.
    private mutating func waitForNews() throws(SystemError) -> Bool {
        // A client that waits there while there is no room would wake the pool all the time.
        let isWanted = waiting == 0 && pauseEnd == nil && hasRoom
        var entries = [
            PollEntry(STDIN_FILENO, .read), PollEntry(isWanted ? maker.listenerNumber : -1, .read),
            PollEntry(zygote.descriptor.number, .read),
        ]
        for session in sessions {
            entries.append(PollEntry(session.process.descriptor.number, .read))
            entries.append(PollEntry(session.noticeNumber, .read))
        }
        try poll(&entries, timeoutMicroseconds: timeout)
        if !entries[0].ready.isEmpty, try standardInputEnded() { return false }
        if !entries[1].ready.isEmpty { make() }
        if !entries[2].ready.isEmpty { throw SystemError("the zygote has ended", code: ECHILD) }
        // From the back, so that removing one does not move those still to be looked at.
        for index in sessions.indices.reversed() where 4 + 2 * index < entries.count {
            if !entries[4 + 2 * index].ready.isEmpty { hear(sessions[index]) }
            if !entries[3 + 2 * index].ready.isEmpty { clear(at: index) }
        }
        try keepTime()
        return true
    }

    private var timeout: UInt64? {
        let times = sessions.compactMap(\.dueTime) + [pauseEnd, leavingGroups.dueTime].compactMap { $0 }
        let now = monotonicMicroseconds()
        return times.min().map { $0 > now ? $0 - now : 0 }
    }

    private mutating func keepTime() throws(SystemError) {
        let now = monotonicMicroseconds()
        leavingGroups.removeThoseEmpty(at: now)
        for session in sessions { session.keepTime(at: now) }
        let leaked = sessions.count { $0.isLeaked }
        if leaked != leakedSaid { say("leaked \(leaked)") }
        leakedSaid = leaked
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
        // Where none is kept waiting, one has to show that sessions can be made again.
        let wanted = isUnable ? max(options.poolSize, 1) : options.poolSize
        while pauseEnd == nil, waiting < wanted, hasRoom { make() }
    }

    /// Makes a session; one that fails is tried again later.
    private mutating func make() {
        do {
            sessions.append(try maker.make())
        } catch {
            fail("a session could not be made: \(error)")
        }
    }

    /// Hears what a session says: that it is ready, that the daemon has it now, or that it ends.
    private mutating func hear(_ session: SessionProcess) {
        let before = session.stage
        do {
            try session.hearNotice()
        } catch {
            report("\(error)")
            return session.process.signal(SIGKILL)
        }
        switch session.stage {
        case .waiting:
            if isUnable { say("able") }
            isUnable = false
        case .taken:
            // With none left, whoever comes next waits for us.
            pauseEnd = waiting > 0 ? monotonicMicroseconds() + SessionPool.firstCellMicroseconds : nil
        case .leaving:
            if before == .making, !isEnding { fail("a session ended before it was ready") }
        case .making: break
        }
    }

    /// Tells the daemon that no session can be made now, and tries again later.
    private mutating func fail(_ reason: String) {
        report(reason)
        if !isUnable { say("unable \(reason)") }
        isUnable = true
        pauseEnd = monotonicMicroseconds() + SessionPool.retryMicroseconds
    }

    private mutating func clear(at index: Int) {
        let session = sessions.remove(at: index)
        if session.stage == .making, !isEnding { fail("a session ended before it was ready") }
        if let group = session.group { leavingGroups.remove(group) }
    }
}

/// The first session ended while it closed its layers; it has said why on standard error.
struct SessionStartError: Error, CustomStringConvertible {
    let description = "no session can be confined here; the reason is above"
}
