import Glibc
import LinuxSystem
import PythonRuntime
import SandboxProtocol

/// The process that runs a session's cells, as its supervisor holds it.
final class Interpreter {
    let process: ChildProcess
    /// Requests go out here, and reports come back: untrusted.
    let control: Descriptor
    /// What it and its children write to their standard output and error, in one order.
    let output: Descriptor

    private init(process: consuming ChildProcess, control: consuming Descriptor, output: consuming Descriptor) {
        self.process = process
        self.control = control
        self.output = output
    }

    /// Forks an interpreter off the pristine one in this process, and waits until it is confined.
    static func start(
        _ python: borrowing PythonRuntime,
        base: SandboxBase,
        limits: SessionLimits
    ) throws -> Interpreter {
        let control = try UnixSocket.makePair()
        let output = try Pipe()
        guard let process = try ChildProcess.fork() else {
            InterpreterProcess.run(
                python,
                base: base,
                limits: limits,
                control: control.intoSecond(),
                output: output.intoWriteEnd()
            )
        }
        let interpreter = Interpreter(
            process: process,
            control: control.intoFirst(),
            output: output.intoReadEnd()
        )
        try interpreter.waitUntilReady()
        try interpreter.control.setNonBlocking()
        try interpreter.output.setNonBlocking()
        return interpreter
    }

    /// Reads its first report, made by code of ours before any of a cell's.
    private func waitUntilReady() throws {
        var decoder = FrameDecoder()
        while true {
            if let frame = try decoder.next() {
                switch try InterpreterReport(frame) {
                case .ready: return
                case .failed(let reason): throw InterpreterStartError(description: reason)
                case .rich, .done: throw FrameError.unknownKind(frame.kind)
                }
            }
            guard let bytes = try control.read(upTo: 4096), !bytes.isEmpty else {
                throw InterpreterStartError(description: "the interpreter ended while it was confined")
            }
            decoder.append(bytes)
        }
    }

    /// Interrupts what runs, as Ctrl-C does: the interpreter and the children in its group.
    func interrupt() { signalGroup(ledBy: process.pid, SIGINT) }
}

/// An interpreter that did not get as far as its first cell.
struct InterpreterStartError: Error, CustomStringConvertible {
    let description: String
}
