import Glibc
import LinuxSystem

/// Makes sessions, keeps some waiting on the listening socket, and clears away after those that ended.
///
/// It has no Python in it: a session's supervisor is a fork of this process, small and without anybody's secrets, and
/// orders its interpreter from the zygote.
struct SessionPool: ~Copyable {
    private let options: Options
    private let egress: Egress?
    private let base: SandboxBase
    private let listener: Descriptor
    private let zygote: ProcessHandle
    private let orders: Descriptor
    private var sessions: [SessionProcess] = []
    private var sessionsMade = 0
    private var isEnding = false
    /// Groups whose last process was still leaving when we looked.
    private var leavingGroups: [ControlGroup] = []
    /// Before this no session is made: one could not be, or one was just taken and its first cell comes first.
    private var pauseEnd: UInt64?

    private static let retryMicroseconds: UInt64 = 1_000_000
    private static let leavingMicroseconds: UInt64 = 20_000
    private static let firstCellMicroseconds: UInt64 = 10_000

    /// Interpreters are ordered by mail to `orders`, which `zygote` reads.
    init(
        options: Options,
        egress: Egress?,
        base: SandboxBase,
        listener: consuming Descriptor,
        zygote: consuming ProcessHandle,
        orders: consuming Descriptor
    ) {
        self.options = options
        self.egress = egress
        self.base = base
        self.listener = listener
        self.zygote = zygote
        self.orders = orders
    }

    /// Serves until standard input ends. Throws if the first session could not be confined.
    mutating func serve(whenReady: () -> Void) throws {
        do {
            let probe = try makeSession()
            try waitUntilReady(probe)
            if options.poolSize == 0 { end(probe) }
            refill()
            whenReady()
            while try waitForNews() { refill() }
        } catch {
            try endAll()
            throw error
        }
        try endAll()
    }

    /// Ends every session, and waits until their groups can be removed.
    private mutating func endAll() throws(SystemError) {
        isEnding = true
        for session in sessions { end(session) }
        let deadline = monotonicMicroseconds() + SessionPool.leavingMicroseconds * 100
        while !sessions.isEmpty || !leavingGroups.isEmpty, monotonicMicroseconds() < deadline {
            var entries = sessions.map { PollEntry($0.process.descriptor.number, .read) }
            try poll(&entries, timeoutMicroseconds: SessionPool.leavingMicroseconds)
            for index in sessions.indices.reversed() where !entries[index].ready.isEmpty { clear(at: index) }
            leavingGroups.removeAll { $0.remove() }
        }
    }

    private var waiting: Int { sessions.count { $0.isWaiting } }

    /// Waits for something to do; false once the daemon is gone.
    private mutating func waitForNews() throws(SystemError) -> Bool {
        var entries = [
            PollEntry(STDIN_FILENO, .read),
            PollEntry(waiting == 0 && pauseEnd == nil ? listener.number : -1, .read),
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
            if !entries[4 + 2 * index].ready.isEmpty { take(sessions[index]) }
            if !entries[3 + 2 * index].ready.isEmpty { clear(at: index) }
        }
        leavingGroups.removeAll { $0.remove() }
        return true
    }

    private var timeout: UInt64? {
        if !leavingGroups.isEmpty { return SessionPool.leavingMicroseconds }
        guard let pauseEnd else { return nil }
        let now = monotonicMicroseconds()
        return pauseEnd > now ? pauseEnd - now : 0
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
        while pauseEnd == nil, waiting < options.poolSize { if !make() { return } }
    }

    /// Makes a session unless there are too many; one that fails is tried again later.
    @discardableResult
    private mutating func make() -> Bool {
        guard sessions.count < options.sessionsMax + max(options.poolSize, 1) else { return false }
        do {
            _ = try makeSession()
            return true
        } catch {
            report("a session could not be made: \(error)")
            pause(SessionPool.retryMicroseconds)
            return false
        }
    }

    private mutating func makeSession() throws -> SessionProcess {
        sessionsMade += 1
        var clock = StepClock(of: "pool", isOn: base.timesLayers)
        let group = try base.makeGroup(sessionsMade)
        let door = try group?.openDoor() ?? ControlGroupDoor()
        clock.passed("control group")
        let notice = try Pipe()
        let start = try Pipe()
        let process: ProcessHandle?
        do {
            process = try ProcessHandle.clone(into: base.namespaces)
        } catch {
            _ = group?.remove()
            throw error
        }
        guard let process else {
            runSession(start: start.intoReadEnd(), notice: notice.intoWriteEnd(), door: door)
        }
        clock.passed("namespaces")
        let session = SessionProcess(process: process, notice: notice.intoReadEnd(), group: group)
        sessions.append(session)
        do {
            try base.mapping(forSession: sessionsMade).apply(to: "\(session.process.pid)")
            clock.passed("users")
            try start.intoWriteEnd().writeAll([0])
        } catch {
            end(session)
            throw error
        }
        return session
    }

    /// In the new process: waits until its users are mapped, then becomes the session's supervisor.
    private func runSession(
        start: consuming Descriptor,
        notice: consuming Descriptor,
        door: consuming ControlGroupDoor
    ) -> Never {
        do {
            guard try start.read(upTo: 1)?.isEmpty == false else { ThisProcess.exit(1) }
            let seat = try SupervisorSeat(
                base: base,
                options: options,
                listener: listener,
                notice: notice,
                orders: orders,
                egress: egress,
                door: door
            )
            try seat.supervise()
        } catch {
            report("\(error)")
            ThisProcess.exit(1)
        }
        ThisProcess.exit(0)
    }

    private func waitUntilReady(_ session: SessionProcess) throws {
        guard try session.readNotice() == .ready else { throw SessionStartError() }
    }

    /// Hears what a waiting session says: that it is ready, or that somebody has it now.
    private mutating func take(_ session: SessionProcess) {
        do {
            let notice = try session.readNotice()
            guard notice == .taken else { return }
            // With none left, whoever comes next waits for us.
            pauseEnd = waiting > 0 ? monotonicMicroseconds() + SessionPool.firstCellMicroseconds : nil
        } catch {
            report("\(error)")
            session.stopWaiting()
        }
    }

    private mutating func pause(_ microseconds: UInt64) { pauseEnd = monotonicMicroseconds() + microseconds }

    private func end(_ session: SessionProcess) { session.process.signal(SIGKILL) }

    private mutating func clear(at index: Int) {
        let session = sessions.remove(at: index)
        if session.isWaiting, !session.wasReady, !isEnding {
            report("a session ended before it was ready")
            pause(SessionPool.retryMicroseconds)
        }
        if let group = session.group, !group.remove() { leavingGroups.append(group) }
    }
}

/// The first session ended while it closed its layers; it has said why on standard error.
struct SessionStartError: Error, CustomStringConvertible {
    let description = "no session can be confined here; the reason is above"
}
