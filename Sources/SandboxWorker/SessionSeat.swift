internal import Glibc
internal import LinuxIsolation
internal import LinuxSystem
internal import SandboxProtocol

/// A session before the daemon has it, in the process that becomes its supervisor: PID 1 of its namespaces.
///
/// A worker's session calls ``apply(enterRoot:_:)``, then ``waitForDaemon()``. What it has to start early, such as a
/// process that is forked meanwhile, it starts before.
package struct SessionSeat: ~Copyable {
    /// What the worker's sessions share.
    package let base: SandboxBase
    /// The session's memory and its control group.
    package let memory: SessionMemory
    /// Descriptors of the mounts that the session's root is made of, which it owns; none where it sees the template itself.
    package let mounts: [CInt]
    private let key: [UInt8]
    /// The way to the pool.
    package let pool: PoolChannel
    private let proxy: SessionProxy?
    /// The pool's socket, which this process has inherited; open until the daemon has connected.
    private let listenerNumber: CInt
    /// Open for as long as the session lives: its end is the session's.
    private let notices: Descriptor

    /// Enters the session's memory group, and closes the descriptors that are not its own.
    init(
        base: SandboxBase,
        key: [UInt8],
        mounts: [CInt],
        pool: consuming Descriptor,
        proxy: SessionProxy?,
        listener: borrowing Descriptor,
        notices: consuming Descriptor,
        group: consuming CgroupHandle,
        keeping kept: [CInt]
    ) throws(SystemError) {
        ThisProcess.setName("supervisor")
        // They name places of the machine, and every process of the session can read them.
        ThisProcess.eraseArguments()
        // What the daemon writes to the session's files, and what both sides send, counts as the session's memory.
        try group.enterMemory()
        ThisProcess.restore(SIGCHLD)
        let own = [listener.number, notices.number, pool.number] + group.numbers + kept + mounts
        try closeDescriptors(from: 3, except: own + [proxy?.number].compactMap { $0 })
        listenerNumber = listener.number
        self.base = base
        self.key = key
        self.mounts = mounts
        self.pool = PoolChannel(pool)
        self.proxy = proxy
        self.notices = notices
        memory = SessionMemory(of: group, limit: base.limits.memoryBytes)
    }

    /// Whether the daemon waits for this session already.
    package var isWanted: Bool {
        get throws {
            var entries = [PollEntry(listenerNumber, .read)]
            try poll(&entries, timeoutMicroseconds: 0)
            return !entries[0].ready.isEmpty
        }
    }

    /// Confines this process: by the root that `enterRoot` makes its own, the layers of every supervisor, and what the worker
    /// adds, which is `others`.
    ///
    /// - Throws: ``LayerError`` for the first layer that cannot be applied, `SystemError` where standard input and output
    ///   cannot be closed; the session must not go on then.
    package func apply(enterRoot: @escaping Layer.Step, _ others: [Layer]) throws {
        let pool = pool
        let root = Layer("root") { () throws(SystemError) in
            try enterRoot()
            try pool.sendPlace()
        }
        let layers = [root] + Layer.supervisor(base) + others
        try Layer.apply(layers, to: "supervisor", isTimed: base.timesLayers)
        let nothing = try Descriptor.open("/dev/null", flags: O_RDWR)
        try nothing.replace(STDIN_FILENO)
        try nothing.replace(STDOUT_FILENO)
    }

    /// Answers what the daemon asks about the session's files.
    package var files: FileService { FileService(owner: base.sessionUser) }

    /// Reports the session as ready, and waits until the daemon connects.
    ///
    /// The connection begins with `opened`, and with `listening` if the session reaches the network. There is no limit to the
    /// wait; connections that the daemon has given up are dropped.
    ///
    /// - Throws: `SystemError`; `EPIPE` once the pool is gone.
    package mutating func waitForDaemon() throws -> DaemonConnection {
        try notices.writeAll([SessionProcess.Notice.ready.rawValue])
        let listener = Descriptor(owning: listenerNumber)
        let socket = try SessionSeat.acceptWanted(from: listener)
        // Fails once the pool is gone.
        try notices.writeAll([SessionProcess.Notice.taken.rawValue])
        _ = consume listener
        let daemon = DaemonConnection(socket)
        daemon.send(SessionEvent.opened(key: key).frame)
        if let proxy { daemon.send(SessionEvent.listening(token: try proxy.open()).frame) }
        return daemon
    }

    /// Waits for a connection, and drops those that the daemon has given up.
    private static func acceptWanted(from listener: borrowing Descriptor) throws(SystemError) -> Descriptor {
        while true {
            let connection = try UnixSocket.accept(from: listener)
            var entries = [PollEntry(connection.number, [])]
            try poll(&entries, timeoutMicroseconds: 0)
            if entries[0].ready.isEmpty { return connection }
        }
    }
}
