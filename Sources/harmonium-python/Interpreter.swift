import Glibc
import LinuxIsolation
import LinuxSystem
import PythonProtocol
import SandboxProtocol

/// The process that runs a session's cells, as its supervisor holds it.
final class Interpreter {
    let process: ProcessHandle
    /// Requests go out here, and reports come back: untrusted.
    let control: Descriptor
    /// What it and its children write to their standard output and error, in one order.
    let output: Descriptor
    private let end: Descriptor

    /// Takes over the channels of an interpreter that was requested, and waits until it is confined.
    ///
    /// - Throws: ``InterpreterStartError`` with the interpreter's reason, or after 15 seconds without a report.
    init(
        control: consuming Descriptor,
        output: consuming Descriptor,
        end: consuming Descriptor
    ) throws {
        var reports = StartReports()
        guard case .started(let pid) = try reports.next(from: control) else { throw StartReports.outOfOrder }
        let process = try ProcessHandle(of: pid)
        guard case .ready = try reports.next(from: control) else { throw StartReports.outOfOrder }
        try control.setNonBlocking()
        try output.setNonBlocking()
        self.process = process
        self.control = control
        self.output = output
        self.end = end
    }

    /// Interrupts what runs, as Ctrl-C does: the interpreter and the children in its group.
    func interrupt() { signalGroup(ledBy: process.pid, SIGINT) }

    /// How it ended, once it has; the zygote, its parent, reports it a moment later.
    func takeEnd() throws(SystemError) -> ProcessEnd {
        let bytes = try end.read(upTo: 2) ?? []
        return ProcessEnd(encoded: bytes) ?? .signaled(UInt8(SIGKILL))
    }
}

/// What an interpreter reports before any cell's code has run.
private struct StartReports: ~Copyable {
    static let outOfOrder = InterpreterStartError(description: "the interpreter's first reports are out of order")
    private static let waitMicroseconds: UInt64 = 15_000_000
    private var decoder = FrameDecoder()

    mutating func next(from control: borrowing Descriptor) throws -> InterpreterReport {
        while true {
            if let frame = try decoder.next() {
                let report = try InterpreterReport(frame)
                if case .failed(let reason) = report { throw InterpreterStartError(description: reason) }
                return report
            }
            // No cell's code has run in it yet, but the machine can be too busy for it, or the zygote stopped.
            var entries = [PollEntry(control.number, .read)]
            try poll(&entries, timeoutMicroseconds: StartReports.waitMicroseconds)
            guard !entries[0].ready.isEmpty else {
                throw InterpreterStartError(description: "the interpreter was not ready in time")
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
