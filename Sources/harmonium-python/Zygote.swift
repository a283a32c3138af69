import Glibc
import LinuxSystem
import PythonRuntime

/// The process with Python in it: forks interpreters into the namespaces of the sessions that order them.
///
/// An order is a message with descriptors: the session's namespaces, the control socket, the output pipe, a pipe for how
/// the interpreter ended, which only its parent is told, and the way into the session's control group.
struct Zygote: ~Copyable {
    private let python: PythonRuntime
    private let base: SandboxBase
    private let limits: SessionLimits
    private let orders: Descriptor
    private var interpreters: [ForkedInterpreter] = []

    /// Takes orders from `orders`.
    init(
        python: consuming PythonRuntime,
        base: SandboxBase,
        limits: SessionLimits,
        orders: consuming Descriptor
    ) {
        self.python = python
        self.base = base
        self.limits = limits
        self.orders = orders
    }

    /// Serves until nobody is left who could order.
    mutating func serve() throws(SystemError) {
        while true {
            var entries = [PollEntry(orders.number, .read)]
            entries += interpreters.map { PollEntry($0.process.descriptor.number, .read) }
            try poll(&entries, timeoutMicroseconds: nil)
            // From the back, so that removing one does not move those still to be looked at.
            for index in interpreters.indices.reversed() where !entries[index + 1].ready.isEmpty {
                interpreters.remove(at: index).tellEnd()
            }
            if !entries[0].ready.isEmpty {
                guard let mail = try UnixSocket.receive(from: orders) else { return }
                fill(Order(mail))
            }
        }
    }

    private mutating func fill(_ order: borrowing Order) {
        do throws(SystemError) {
            // For good: without privilege there is no way back, and the next order brings another.
            try ThisProcess.enter(order.processes)
            guard let process = try ProcessHandle.fork(through: order.door) else {
                InterpreterProcess.run(python, base: base, limits: limits, order: order)
            }
            interpreters.append(ForkedInterpreter(process: process, end: try order.end.duplicate(from: 3)))
        } catch {
            // The session learns it by its channels, which are closed here.
            guard !order.isAbandoned else { return }
            report("an interpreter could not be made: \(error)")
        }
    }
}

/// An interpreter as its parent holds it.
private final class ForkedInterpreter {
    let process: ProcessHandle
    private let end: Descriptor

    init(process: consuming ProcessHandle, end: consuming Descriptor) {
        self.process = process
        self.end = end
    }

    /// Takes the process's status and passes it on.
    func tellEnd() {
        guard let status = try? process.wait() else { return }
        // A session that is gone does not want to know.
        try? end.writeAll(status.encoded)
    }
}
