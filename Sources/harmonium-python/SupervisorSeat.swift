import Glibc
import LinuxSystem
import PythonRuntime
import SandboxProtocol

/// A confined session before anybody has it: PID 1 of its namespaces, with an interpreter that waits for a cell.
struct SupervisorSeat: ~Copyable {
    private let base: SandboxBase
    private let options: Options
    private let notice: Descriptor
    private let listener: CInt

    /// Closes the supervisor's layers around this process.
    init(
        base: SandboxBase,
        options: Options,
        listener: borrowing Descriptor,
        notice: consuming Descriptor
    ) throws {
        self.base = base
        self.options = options
        self.notice = notice
        self.listener = listener.number
        ThisProcess.setName("supervisor")
        ThisProcess.restore(SIGCHLD)
        try closeDescriptors(from: 3, except: [listener.number, self.notice.number])
        try Confinement.close(Confinement.supervisorLayers(base, limits: options.limits))
        let nothing = try Descriptor.open("/dev/null", flags: O_RDWR)
        try nothing.replace(STDIN_FILENO)
        try nothing.replace(STDOUT_FILENO)
    }

    /// Waits for a connection, then serves it until it closes.
    consuming func supervise(_ python: borrowing PythonRuntime) throws {
        let first = try Interpreter.start(python, base: base, limits: options.limits)
        try say(.ready)
        let listening = Descriptor(owning: listener)
        let connection = try UnixSocket.accept(from: listening)
        try say(.taken)
        _ = consume listening
        var supervisor = try Supervisor(connection: connection, interpreter: first, limits: options.limits)
        try supervisor.serve { [base, options] () throws in
            try Interpreter.start(python, base: base, limits: options.limits)
        }
    }

    /// Fails once the zygote is gone, which then nobody else would tell us.
    private func say(_ notice: SessionProcess.Notice) throws(SystemError) {
        try self.notice.writeAll([notice.rawValue])
    }
}
