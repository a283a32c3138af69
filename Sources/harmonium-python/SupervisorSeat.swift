import Glibc
import LinuxSystem
import SandboxProtocol

/// A confined session before anybody has it: PID 1 of its namespaces, with an interpreter that waits for a cell.
struct SupervisorSeat: ~Copyable {
    private let limits: SessionLimits
    private let notice: Descriptor
    // The pool's, which this process has inherited.
    private let listener: CInt
    private let orders: CInt
    private let entrances: ControlGroupEntrances?

    /// Closes the supervisor's layers around this process.
    init(
        base: SandboxBase,
        options: Options,
        listener: borrowing Descriptor,
        notice: consuming Descriptor,
        orders: borrowing Descriptor,
        entrances: consuming ControlGroupEntrances?
    ) throws {
        ThisProcess.setName("supervisor")
        ThisProcess.restore(SIGCHLD)
        var kept = [listener.number, notice.number, orders.number]
        switch entrances {
        case .some(let entrances): kept += entrances.numbers
        case .none: break
        }
        try closeDescriptors(from: 3, except: kept)
        try Confinement.close(Confinement.supervisorLayers(base, limits: options.limits))
        let nothing = try Descriptor.open("/dev/null", flags: O_RDWR)
        try nothing.replace(STDIN_FILENO)
        try nothing.replace(STDOUT_FILENO)
        limits = options.limits
        self.listener = listener.number
        self.notice = notice
        self.orders = orders.number
        self.entrances = entrances
    }

    /// Waits for a connection, then serves it until it closes.
    consuming func supervise() throws {
        let orders = Descriptor(owning: orders)
        let first = try Interpreter(orders: orders, entrances: entrances)
        try say(.ready)
        let listening = Descriptor(owning: listener)
        let connection = try UnixSocket.accept(from: listening)
        try say(.taken)
        _ = consume listening
        var supervisor = try Supervisor(connection: connection, interpreter: first, limits: limits)
        try supervisor.serve { () throws in try Interpreter(orders: orders, entrances: entrances) }
    }

    /// Fails once the pool is gone, which then nobody else would tell us.
    private func say(_ notice: SessionProcess.Notice) throws(SystemError) {
        try self.notice.writeAll([notice.rawValue])
    }
}
