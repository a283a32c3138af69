internal import Glibc
internal import LinuxIsolation
internal import LinuxSystem

/// A session as the pool knows it: its supervisor's process, and the notices that it sends.
final class SessionProcess {
    /// What a supervisor sends to the pool, a byte each.
    enum Notice: UInt8 {
        /// All layers are applied, and the session can begin at once.
        case ready = 1
        /// The daemon has connected.
        case taken = 2
    }

    /// How far a session has come.
    enum Stage: Equatable {
        /// Its layers are being applied.
        case making
        /// It waits for the daemon to connect.
        case waiting
        /// The daemon has it.
        case taken
        /// Its supervisor has closed its descriptors, and the kernel ends what is left of it.
        case ending
    }

    /// What the daemon calls it by.
    let key: [UInt8]
    /// How many the worker had made with it.
    let number: Int
    let process: ProcessHandle
    /// Where its supervisor has sent its ``SessionPlace``.
    let place: Descriptor
    /// Nil where the worker makes no control groups.
    let group: ControlGroup?
    private(set) var stage = Stage.making
    /// When to act if it is still in this stage, in microseconds; nil while it may stay there.
    private(set) var dueTime: UInt64?
    /// Whether it has not ended in time, and so may never end.
    private(set) var isLeaked = false
    private let notices: Descriptor

    /// A supervisor that waits for a process of its session gives up sooner than this.
    private static let makingMicroseconds: UInt64 = 40_000_000
    private static let endingMicroseconds: UInt64 = 10_000_000

    init(
        key: [UInt8],
        number: Int,
        process: consuming ProcessHandle,
        place: consuming Descriptor,
        notices: consuming Descriptor,
        group: ControlGroup?
    ) {
        self.key = key
        self.number = number
        self.process = process
        self.place = place
        self.group = group
        self.notices = notices
        dueTime = monotonicMicroseconds() + SessionProcess.makingMicroseconds
    }

    /// The descriptor that its notices come from, -1 once they have ended.
    var noticeNumber: CInt { stage == .ending ? -1 : notices.number }

    /// Whether it waits for the daemon, or soon will.
    var isAvailable: Bool { stage == .making || stage == .waiting }

    /// Reads the next notice; the end of the notices is that of the session.
    func readNotice() throws(SystemError) {
        switch try notices.read(upTo: 1)?.first.flatMap(Notice.init) {
        case .ready: enter(.waiting, for: nil)
        case .taken: enter(.taken, for: nil)
        case nil: enter(.ending, for: SessionProcess.endingMicroseconds)
        }
    }

    /// Does what is due: kills a session that does not get ready, and counts one that does not end as leaked.
    func keepTime(at now: UInt64) {
        guard let dueTime, dueTime <= now else { return }
        self.dueTime = nil
        if stage == .ending { isLeaked = true } else { process.signal(SIGKILL) }
    }

    private func enter(_ stage: Stage, for microseconds: UInt64?) {
        self.stage = stage
        dueTime = microseconds.map { monotonicMicroseconds() + $0 }
    }
}
