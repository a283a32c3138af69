internal import LinuxIsolation
package import LinuxSystem
internal import SandboxProtocol

/// Makes sessions, one after the other: each a clone of this process in namespaces and a control group of its own.
///
/// The clone handshake: the child may do nothing until its users are mapped, which takes the parent's rights. So it waits
/// for a byte on the `start` pipe. A parent that fails in between closes the pipe, and the child ends.
package struct SessionMaker: ~Copyable {
    /// What the process of a new session does; when it returns, the session ends.
    package typealias Session = (inout SessionSeat) throws -> Void

    private let base: SandboxBase
    private let proxy: SessionProxy?
    private let listener: Descriptor
    private let kept: [CInt]
    private let session: Session
    private var made = 0
    /// What other sessions have of theirs.
    let sharedData: SharedData

    /// Makes sessions that wait on `listener` for the daemon and then do `session`.
    ///
    /// - Parameters:
    ///   - base: What the sessions share.
    ///   - sharedData: What other sessions have of theirs.
    ///   - proxy: How they reach the network, nil if they do not.
    ///   - listener: The socket that the daemon connects to.
    ///   - kept: Descriptors of this process that `session` needs besides.
    ///   - session: What each does, as PID 1 of its namespaces.
    package init(
        base: SandboxBase,
        sharedData: SharedData,
        proxy: SessionProxy?,
        listener: consuming Descriptor,
        keeping kept: [CInt],
        session: @escaping Session
    ) {
        self.base = base
        self.sharedData = sharedData
        self.proxy = proxy
        self.listener = listener
        self.kept = kept
        self.session = session
    }

    /// Readable while the daemon waits for a session; valid as long as this value lives.
    var listenerNumber: CInt { listener.number }

    /// Makes a session, which applies its layers by itself from here on.
    mutating func make() throws -> SessionProcess {
        made += 1
        var clock = StepClock(of: "pool", isOn: base.timesLayers)
        let group = try base.makeGroup(made)
        do {
            let handle = try group?.openHandle() ?? CgroupHandle()
            clock.passed("control group")
            let notices = try Pipe()
            let start = try Pipe()
            let pool = try UnixSocket.makeDescriptorSocketPair()
            // What the session has not read yet must not stop the pool.
            try pool.first.setNonBlocking()
            let key = try randomBytes(SessionEvent.keyBytes)
            guard let process = try ProcessHandle.clone(into: base.namespaces, group: handle) else {
                run(
                    key: key,
                    start: start.intoReadEnd(),
                    pool: pool.intoSecond(),
                    notices: notices.intoWriteEnd(),
                    group: handle
                )
            }
            clock.passed("namespaces")
            let session = SessionProcess(
                key: key,
                number: made,
                process: process,
                place: pool.intoFirst(),
                notices: notices.intoReadEnd(),
                group: group
            )
            try equip(session, &clock)
            try start.intoWriteEnd().writeAll([0])
            return session
        } catch {
            _ = group?.remove()
            throw error
        }
    }

    /// Gives a new session what takes rights that it does not have: its users, and the mounts of its root.
    private func equip(_ session: SessionProcess, _ clock: inout StepClock) throws(SystemError) {
        try base.ids.mapping(forSession: session.number).apply(to: "\(session.process.pid)")
        clock.passed("users")
        guard let layers = base.layersOfRoot else { return }
        let copies = try layers.copyMounts(forSessionOf: session.process.pid)
        defer { for copy in copies { _ = Descriptor(owning: copy) } }
        try UnixSocket.send(copies, through: session.place)
        clock.passed("mounts")
    }

    /// In the new process: waits until its users are mapped, then becomes the session's supervisor.
    private func run(
        key: [UInt8],
        start: consuming Descriptor,
        pool: consuming Descriptor,
        notices: consuming Descriptor,
        group: consuming CgroupHandle
    ) -> Never {
        do {
            guard try start.read(upTo: 1)?.isEmpty == false else { ThisProcess.exit(1) }
            let copies = base.layersOfRoot == nil ? [] : try UnixSocket.receive(from: pool)?.descriptors ?? []
            var seat = try SessionSeat(
                base: base,
                key: key,
                mounts: copies,
                pool: pool,
                proxy: proxy,
                listener: listener,
                notices: notices,
                group: group,
                keeping: kept
            )
            try session(&seat)
        } catch {
            WorkerProgram.fail("\(error)")
        }
        ThisProcess.exit(0)
    }
}
