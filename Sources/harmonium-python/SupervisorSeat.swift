import Glibc
import LinuxSystem
import SandboxProtocol

/// A confined session before anybody has it: PID 1 of its namespaces, with an interpreter that waits for a cell.
struct SupervisorSeat: ~Copyable {
    private let limits: SessionLimits
    private let fileOwner: UInt32
    private let notice: Descriptor
    // The pool's, which this process has inherited.
    private let listening: Descriptor
    private let egress: Egress?
    private let source: InterpreterSource
    private let first: OrderedInterpreter

    /// Orders an interpreter, and closes the supervisor's layers around this process while that is forked.
    init(
        base: SandboxBase,
        options: Options,
        listener: borrowing Descriptor,
        notice: consuming Descriptor,
        orders: borrowing Descriptor,
        egress: Egress?,
        door: consuming ControlGroupDoor
    ) throws {
        ThisProcess.setName("supervisor")
        // What is put into files here, and what the daemon and the interpreter send, counts as the session's.
        try door.enterMemory()
        ThisProcess.restore(SIGCHLD)
        var kept = [listener.number, notice.number, orders.number] + door.numbers
        if let egress { kept.append(egress.number) }
        try closeDescriptors(from: 3, except: kept)
        let listening = Descriptor(owning: listener.number)
        let source = InterpreterSource(orders: Descriptor(owning: orders.number), door: door)
        var waiting = [PollEntry(listening.number, .read)]
        try poll(&waiting, timeoutMicroseconds: 0)
        let first = try source.order(isUrgent: !waiting[0].ready.isEmpty)
        let layers = Confinement.supervisorLayers(base, limits: options.limits)
        try Confinement.close(layers, around: "supervisor", timed: base.timesLayers)
        let nothing = try Descriptor.open("/dev/null", flags: O_RDWR)
        try nothing.replace(STDIN_FILENO)
        try nothing.replace(STDOUT_FILENO)
        limits = options.limits
        fileOwner = base.interpreter
        self.notice = notice
        self.listening = listening
        self.source = source
        self.first = first
        self.egress = egress
    }

    /// Waits for a connection, then serves it until it closes.
    consuming func supervise() throws {
        let interpreter = try first.confined()
        try SupervisorSeat.say(.ready, notice)
        let connection = try SupervisorSeat.acceptWanted(from: listening)
        try SupervisorSeat.say(.taken, notice)
        _ = consume listening
        var supervisor = Supervisor(
            connection: connection,
            interpreter: interpreter,
            source: source,
            limits: limits,
            files: FileService(owner: fileOwner)
        )
        supervisor.announce(.opened)
        if let egress { supervisor.announce(.listening(token: try egress.open())) }
        try supervisor.serve()
    }

    /// Waits for a connection, and passes over those whose other side has given up waiting.
    private static func acceptWanted(from listening: borrowing Descriptor) throws(SystemError) -> Descriptor {
        while true {
            let connection = try UnixSocket.accept(from: listening)
            var entries = [PollEntry(connection.number, [])]
            try poll(&entries, timeoutMicroseconds: 0)
            if entries[0].ready.isEmpty { return connection }
        }
    }

    /// Fails once the pool is gone, which then nobody else would tell us.
    private static func say(
        _ word: SessionProcess.Notice,
        _ notice: borrowing Descriptor
    ) throws(SystemError) {
        try notice.writeAll([word.rawValue])
    }
}
