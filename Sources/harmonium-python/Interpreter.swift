import Glibc
import LinuxSystem
import SandboxProtocol

/// The process that runs a session's cells, as its supervisor holds it.
final class Interpreter {
    let process: ProcessHandle
    /// Requests go out here, and reports come back: untrusted.
    let control: Descriptor
    /// What it and its children write to their standard output and error, in one order.
    let output: Descriptor
    private let end: Descriptor

    /// Orders an interpreter for this session, puts it into the session's group, and waits until it is confined.
    init(orders: borrowing Descriptor, entrances: borrowing ControlGroupEntrances?) throws {
        let control = try UnixSocket.makePair()
        let output = try Pipe()
        let end = try Pipe()
        try Order.send(control: control.second, output: output.writeEnd, end: end.writeEnd, through: orders)
        self.control = control.intoFirst()
        self.output = output.intoReadEnd()
        self.end = end.intoReadEnd()
        var reports = StartReports()
        guard case .started(let pid) = try reports.next(from: self.control) else { throw StartReports.outOfOrder }
        process = try ProcessHandle(of: pid)
        // While it gets ready, for the kernel takes its time; and before a cell is run.
        try Interpreter.enter(entrances, pid)
        guard case .ready = try reports.next(from: self.control) else { throw StartReports.outOfOrder }
        try self.control.setNonBlocking()
        try self.output.setNonBlocking()
    }

    private static func enter(_ entrances: borrowing ControlGroupEntrances?, _ pid: Int32) throws(SystemError) {
        switch entrances {
        case .some(let entrances): try entrances.add(pid)
        case .none: break
        }
    }

    /// Interrupts what runs, as Ctrl-C does: the interpreter and the children in its group.
    func interrupt() { signalGroup(ledBy: process.pid, SIGINT) }

    /// How it ended, once it has; its parent tells in a moment.
    func takeEnd() throws(SystemError) -> ProcessEnd {
        let bytes = try end.read(upTo: 2) ?? []
        return ProcessEnd(encoded: bytes) ?? .signalled(UInt8(SIGKILL))
    }
}

/// What an interpreter reports before any cell's code has run.
private struct StartReports: ~Copyable {
    static let outOfOrder = InterpreterStartError(description: "the interpreter's first reports are out of order")
    private var decoder = FrameDecoder()

    mutating func next(from control: borrowing Descriptor) throws -> InterpreterReport {
        while true {
            if let frame = try decoder.next() {
                let report = try InterpreterReport(frame)
                if case .failed(let reason) = report { throw InterpreterStartError(description: reason) }
                return report
            }
            guard let bytes = try control.read(upTo: 4096), !bytes.isEmpty else {
                throw InterpreterStartError(description: "the interpreter ended while it was confined")
            }
            decoder.append(bytes)
        }
    }
}

/// An interpreter that did not get as far as its first cell.
struct InterpreterStartError: Error, CustomStringConvertible {
    let description: String
}
