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

    let process: ProcessHandle
    let group: ControlGroup?
    /// Whether it was ready to be taken.
    private(set) var wasReady = false
    /// Whether it is still to be taken.
    private(set) var isWaiting = true
    /// Where its notices come from, -1 once none will.
    private(set) var noticeNumber: CInt
    private var notice: Descriptor?

    init(process: consuming ProcessHandle, notice: consuming Descriptor, group: ControlGroup?) {
        self.process = process
        self.group = group
        noticeNumber = notice.number
        self.notice = consume notice
    }

    /// The next notice; nil if the session ended without one.
    func readNotice() throws(SystemError) -> Notice? {
        let byte: UInt8?
        switch notice {
        case .some(let notice): byte = try notice.read(upTo: 1)?.first
        case .none: byte = nil
        }
        let said = byte.flatMap(Notice.init)
        switch said {
        case .ready: wasReady = true
        case .taken, nil: stopWaiting()
        }
        return said
    }

    /// It can no longer be taken, for it was or it is gone.
    func stopWaiting() {
        isWaiting = false
        notice = nil
        noticeNumber = -1
    }
}
