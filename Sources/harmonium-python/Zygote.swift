import Glibc
import LinuxSystem
import PythonRuntime

/// Forks sessions, keeps a pool of them waiting on the listening socket, and clears away after those that ended.
struct Zygote: ~Copyable {
    private let options: Options
    private let base: SandboxBase
    private let listener: Descriptor
    private let python: PythonRuntime
    private var sessions: [SessionProcess] = []
    private var sessionsMade = 0
    /// Groups whose last process was still leaving when we looked.
    private var leavingGroups: [ControlGroup] = []
    /// When to try again after a session could not be made, in microseconds.
    private var retryTime: UInt64?

    private static let retryMicroseconds: UInt64 = 1_000_000
    private static let leavingMicroseconds: UInt64 = 20_000

    init(options: Options, base: SandboxBase, listener: consuming Descriptor, python: consuming PythonRuntime) {
        self.options = options
        self.base = base
        self.listener = listener
        self.python = python
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
        for session in sessions { end(session) }
        let deadline = monotonicMicroseconds() + Zygote.leavingMicroseconds * 100
        while !sessions.isEmpty || !leavingGroups.isEmpty, monotonicMicroseconds() < deadline {
            var entries = sessions.map { PollEntry($0.process.descriptor.number, .read) }
            try poll(&entries, timeoutMicroseconds: Zygote.leavingMicroseconds)
            for index in sessions.indices.reversed() where !entries[index].ready.isEmpty { clear(at: index) }
            leavingGroups.removeAll { $0.remove() }
        }
    }

    private var waiting: Int { sessions.count { $0.isWaiting } }

    /// Waits for something to do; false once the daemon is gone.
    private mutating func waitForNews() throws(SystemError) -> Bool {
        var entries = [
            PollEntry(STDIN_FILENO, .read),
            PollEntry(waiting == 0 && retryTime == nil ? listener.number : -1, .read),
        ]
        for session in sessions {
            entries.append(PollEntry(session.process.descriptor.number, .read))
            entries.append(PollEntry(session.noticeNumber, .read))
        }
        try poll(&entries, timeoutMicroseconds: timeout)
        if !entries[0].ready.isEmpty, try standardInputEnded() { return false }
        if !entries[1].ready.isEmpty { make() }
        // From the back, so that removing one does not move those still to be looked at.
        for index in sessions.indices.reversed() where 3 + 2 * index < entries.count {
            if !entries[3 + 2 * index].ready.isEmpty { take(sessions[index]) }
            if !entries[2 + 2 * index].ready.isEmpty { clear(at: index) }
        }
        leavingGroups.removeAll { $0.remove() }
        return true
    }

    private var timeout: UInt64? {
        if !leavingGroups.isEmpty { return Zygote.leavingMicroseconds }
        guard let retryTime else { return nil }
        let now = monotonicMicroseconds()
        return retryTime > now ? retryTime - now : 0
    }

    private func standardInputEnded() throws(SystemError) -> Bool {
        let input = Descriptor(owning: STDIN_FILENO)
        let bytes = try input.read(upTo: 4096)
        _ = input.release()
        return bytes?.isEmpty == true
    }

    private mutating func refill() {
        if let retryTime {
            guard monotonicMicroseconds() >= retryTime else { return }
            self.retryTime = nil
        }
        while retryTime == nil, waiting < options.poolSize { if !make() { return } }
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
            retryTime = monotonicMicroseconds() + Zygote.retryMicroseconds
            return false
        }
    }

    private mutating func makeSession() throws -> SessionProcess {
        sessionsMade += 1
        let group = try base.makeGroup(sessionsMade)
        let notice = try Pipe()
        let start = try Pipe()
        python.beforeFork()
        let process: ChildProcess?
        do {
            process = try ChildProcess.clone(into: [.user, .pid, .mount, .ipc, .uts])
        } catch {
            python.afterForkInParent()
            _ = group?.remove()
            throw error
        }
        guard let process else { runSession(start: start.intoReadEnd(), notice: notice.intoWriteEnd()) }
        python.afterForkInParent()
        let session = SessionProcess(process: process, notice: notice.intoReadEnd(), group: group)
        sessions.append(session)
        do {
            try group?.add(session.process.pid)
            try base.mapping.apply(to: "\(session.process.pid)")
            try start.intoWriteEnd().writeAll([0])
        } catch {
            end(session)
            throw error
        }
        return session
    }

    /// In the new process: waits until its users are mapped, then becomes the session's supervisor.
    private func runSession(start: consuming Descriptor, notice: consuming Descriptor) -> Never {
        do {
            guard try start.read(upTo: 1)?.isEmpty == false else { ThisProcess.exit(1) }
            let seat = try SupervisorSeat(base: base, options: options, listener: listener, notice: notice)
            try seat.supervise(python)
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
    private func take(_ session: SessionProcess) {
        do {
            _ = try session.readNotice()
        } catch {
            report("\(error)")
            session.stopWaiting()
        }
    }

    private func end(_ session: SessionProcess) { session.process.signal(SIGKILL) }

    private mutating func clear(at index: Int) {
        let session = sessions.remove(at: index)
        if session.isWaiting, !session.wasReady {
            report("a session ended before it was ready")
            retryTime = monotonicMicroseconds() + Zygote.retryMicroseconds
        }
        if let group = session.group, !group.remove() { leavingGroups.append(group) }
    }
}

/// The first session ended while it closed its layers; it has said why on standard error.
struct SessionStartError: Error, CustomStringConvertible {
    let description = "no session can be confined here; the reason is above"
}
