import Glibc
import LinuxSystem

/// A session as the pool knows it: its supervisor's process, and what that says about itself.
final class SessionProcess {
    /// What a supervisor says to the pool, a byte each.
    enum Notice: UInt8 {
        /// All layers are closed and an interpreter waits.
        case ready = 1
        /// The daemon has connected.
        case taken = 2
    }

    /// How far a session has come.
    enum Stage: Equatable {
        /// Its layers close.
        case making
        /// It can be taken.
        case waiting
        /// The daemon has it.
        case taken
        /// Its supervisor has closed its descriptors, and the kernel ends what is left of it.
        case leaving
    }

    let process: ProcessHandle
    let group: ControlGroup?
    private(set) var stage = Stage.making
    /// When to do something about it if it is still in this stage; nil while it may stay there.
    private(set) var dueTime: UInt64?
    /// Whether it has not ended in time, and so may never.
    private(set) var isLeaked = false
    private let notice: Descriptor

    /// A supervisor that orders an interpreter gives up sooner than this; see ``Interpreter``.
    private static let makingMicroseconds: UInt64 = 40_000_000
    private static let leavingMicroseconds: UInt64 = 10_000_000

    init(process: consuming ProcessHandle, notice: consuming Descriptor, group: ControlGroup?) {
        self.process = process
        self.group = group
        self.notice = notice
        dueTime = monotonicMicroseconds() + SessionProcess.makingMicroseconds
    }

    /// Where its notices come from, -1 once none will.
    var noticeNumber: CInt { stage == .leaving ? -1 : notice.number }

    /// Whether it waits to be taken, or soon will.
    var isToBeTaken: Bool { stage == .making || stage == .waiting }

    /// Hears the next notice; the end of the notices is that of the session.
    func hearNotice() throws(SystemError) {
        switch try notice.read(upTo: 1)?.first.flatMap(Notice.init) {
        case .ready: enter(.waiting, for: nil)
        case .taken: enter(.taken, for: nil)
        case nil: enter(.leaving, for: SessionProcess.leavingMicroseconds)
        }
    }

    /// Does what is due: ends a session that does not get ready, and counts one as leaked that does not end.
    func keepTime(at now: UInt64) {
        guard let dueTime, dueTime <= now else { return }
        self.dueTime = nil
        if stage == .leaving { isLeaked = true } else { process.signal(SIGKILL) }
    }

    private func enter(_ stage: Stage, for microseconds: UInt64?) {
        self.stage = stage
        dueTime = microseconds.map { monotonicMicroseconds() + $0 }
    }
}
