import LinuxSystem

/// Makes sessions, one after the other: each a clone of this process in namespaces and a control group of its own.
struct SessionMaker: ~Copyable {
    private let options: Options
    private let egress: Egress?
    private let base: SandboxBase
    private let listener: Descriptor
    private let orders: Descriptor
    private var made = 0

    /// Sessions wait on `listener`; interpreters are ordered by mail to `orders`, which the zygote reads.
    init(
        options: Options,
        egress: Egress?,
        base: SandboxBase,
        listener: consuming Descriptor,
        orders: consuming Descriptor
    ) {
        self.options = options
        self.egress = egress
        self.base = base
        self.listener = listener
        self.orders = orders
    }

    /// Where those wait who want a session; valid as long as this value lives.
    var listenerNumber: CInt { listener.number }

    /// Makes a session, which closes its layers by itself from here on.
    mutating func make() throws -> SessionProcess {
        made += 1
        var clock = StepClock(of: "pool", isOn: base.timesLayers)
        let group = try base.makeGroup(made)
        do {
            let door = try group?.openDoor() ?? ControlGroupDoor()
            clock.passed("control group")
            let notice = try Pipe()
            let start = try Pipe()
            guard let process = try ProcessHandle.clone(into: base.namespaces, through: door) else {
                runSession(start: start.intoReadEnd(), notice: notice.intoWriteEnd(), door: door)
            }
            clock.passed("namespaces")
            let session = SessionProcess(process: process, notice: notice.intoReadEnd(), group: group)
            // One that is not let go ends by itself.
            try base.mapping(forSession: made).apply(to: "\(session.process.pid)")
            clock.passed("users")
            try start.intoWriteEnd().writeAll([0])
            return session
        } catch {
            _ = group?.remove()
            throw error
        }
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
}
