import LinuxIsolation
import LinuxSystem
import SandboxWorker

/// Where a session's interpreters come from: forks of the zygote, in the session's control group.
final class InterpreterSource {
    private let requests: Descriptor
    private let memory: SessionMemory

    /// Sends requests through `requests`, for interpreters in the group of `memory`.
    init(requests: consuming Descriptor, group memory: SessionMemory) {
        self.requests = requests
        self.memory = memory
    }

    /// Gets an interpreter, confined and ready for a cell. An urgent one comes sooner, and its first cell is a little slower.
    func next(isUrgent: Bool) throws -> Interpreter { try request(isUrgent: isUrgent).confined() }

    /// Requests an interpreter, which the zygote can fork while this process still applies its own layers.
    func request(isUrgent: Bool) throws(SystemError) -> RequestedInterpreter {
        let control = try UnixSocket.makePair()
        let output = try Pipe()
        let end = try Pipe()
        try ForkRequest.send(
            channels: [control.second.number, output.writeEnd.number, end.writeEnd.number],
            group: memory.group,
            isUrgent: isUrgent,
            through: requests
        )
        return RequestedInterpreter(
            control: control.intoFirst(),
            output: output.intoReadEnd(),
            end: end.intoReadEnd()
        )
    }
}

/// An interpreter that waits until the session's namespaces are ready.
struct RequestedInterpreter: ~Copyable {
    private let control: Descriptor
    private let output: Descriptor
    private let end: Descriptor

    init(control: consuming Descriptor, output: consuming Descriptor, end: consuming Descriptor) {
        self.control = control
        self.output = output
        self.end = end
    }

    /// Gives the go-ahead to enter the namespaces, and waits until the interpreter has applied its layers.
    consuming func confined() throws -> Interpreter {
        try control.writeAll([0])
        return try Interpreter(control: control, output: output, end: end)
    }
}
