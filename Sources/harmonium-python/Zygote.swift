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
    private let childEnds: ChildEnds
    private var interpreters: [Int32: EndChannel] = [:]

    /// Takes orders from `orders`. This process must have one thread.
    init(
        python: consuming PythonRuntime,
        base: SandboxBase,
        limits: SessionLimits,
        orders: consuming Descriptor
    ) throws(SystemError) {
        childEnds = try ChildEnds()
        self.python = python
        self.base = base
        self.limits = limits
        self.orders = orders
    }

    /// Serves until nobody is left who could order.
    mutating func serve() throws(SystemError) {
        while true {
            var entries = [
                PollEntry(orders.number, .read), PollEntry(childEnds.descriptor.number, .read),
            ]
            try poll(&entries, timeoutMicroseconds: nil)
            if !entries[1].ready.isEmpty { try tellEnds() }
            if !entries[0].ready.isEmpty {
                guard let mail = try UnixSocket.receive(from: orders) else { return }
                fill(Order(mail))
            }
        }
    }

    /// Passes on how interpreters ended.
    ///
    /// A child that was not ordered is taken off the table too: while its zombie lay there, its session could not end.
    private mutating func tellEnds() throws(SystemError) {
        for (pid, end) in try childEnds.take() { interpreters.removeValue(forKey: pid)?.tell(end) }
    }

    private mutating func fill(_ order: borrowing Order) {
        do throws(SystemError) {
            // For good: without privilege there is no way back, and the next order brings another.
            try ThisProcess.enter(order.processes)
            guard let process = try ProcessHandle.fork(through: order.door) else {
                InterpreterProcess.run(python, base: base, limits: limits, order: order)
            }
            interpreters[process.pid] = EndChannel(try order.end.duplicate(from: 3))
        } catch {
            // The session learns it by its channels, which are closed here.
            guard !order.isAbandoned else { return }
            report("an interpreter could not be made: \(error)")
        }
    }
}

/// Where to tell how an interpreter ended.
private final class EndChannel {
    private let channel: Descriptor

    init(_ channel: consuming Descriptor) {
        self.channel = channel
    }

    func tell(_ end: ProcessEnd) {
        // A session that is gone does not want to know.
        try? channel.writeAll(end.encoded)
    }
}
