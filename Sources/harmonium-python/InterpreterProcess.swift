import Glibc
import LinuxIsolation
import LinuxSystem
import PythonProtocol
import PythonRuntime
import SandboxProtocol
import SandboxWorker

/// What the interpreter's process does: it confines itself, then runs cells until it is killed.
///
/// The code in cells can change everything here; nothing outside may rely on it.
enum InterpreterProcess {
    /// Descriptors from here on are out of the way of programs that count or close them from 3 up.
    private static let firstNumber: CInt = 900

    static func run(
        _ python: borrowing PythonRuntime,
        base: SandboxBase,
        request: borrowing ForkRequest
    ) -> Never {
        do {
            let control = try request.control.duplicate(from: firstNumber)
            let output = try request.output.duplicate(from: firstNumber)
            try control.writeAll(InterpreterReport.started(pid: ThisProcess.pid).frame.encoded)
            // As the user that opened the handle: the kernel admits no other.
            try request.group.enter()
            ThisProcess.setName("python")
            try ChildReaper.restoreSignal()
            python.afterForkInChild()
            let nothing: Descriptor
            do {
                try Layer.apply([.firstToBeKilled], to: "interpreter", isTimed: base.timesLayers)
                // Until the go-ahead, the root in the session's mount namespace is the worker's.
                guard try control.read(upTo: 1)?.isEmpty == false else { ThisProcess.exit(1) }
                try request.enterNamespaces(ownNetwork: base.hasOwnNetworks)
                nothing = try Descriptor.open("/dev/null", flags: O_RDONLY).duplicate(from: firstNumber)
                let kept = [control.number, output.number, nothing.number]
                let layers = Layer.interpreter(base, keeping: kept)
                try Layer.apply(layers, to: "interpreter", isTimed: base.timesLayers)
                try connectStreams(input: nothing, output: output)
                if !request.isUrgent { try python.touchPages() }
                try python.begin(data: SessionRoot.dataDirectory)
            } catch {
                try control.writeAll(InterpreterReport.failed("\(error)").frame.encoded)
                ThisProcess.exit(1)
            }
            try control.writeAll(InterpreterReport.ready.frame.encoded)
            try serve(python, control: control, input: nothing, output: output)
        } catch {
            // The supervisor sees the end, and reports it.
        }
        ThisProcess.exit(1)
    }

    /// Opens the standard streams, whatever the cell before has done to them.
    private static func connectStreams(
        input: borrowing Descriptor,
        output: borrowing Descriptor
    ) throws(SystemError) {
        try input.replace(STDIN_FILENO)
        try output.replace(STDOUT_FILENO)
        try output.replace(STDERR_FILENO)
    }

    private static func serve(
        _ python: borrowing PythonRuntime,
        control: borrowing Descriptor,
        input: borrowing Descriptor,
        output: borrowing Descriptor
    ) throws {
        var decoder = FrameDecoder()
        while true {
            while let frame = try decoder.next() {
                let request = try InterpreterRequest(frame)
                try connectStreams(input: input, output: output)
                let result = python.run(request.source)
                try send(result, nonce: request.nonce, to: control)
            }
            // Threads of earlier cells go on while none runs.
            let read = try python.lettingThreadsRun { () throws(SystemError) in try control.read(upTo: 1 << 16) }
            guard let bytes = read, !bytes.isEmpty else { return }
            decoder.append(bytes)
        }
    }

    private static func send(
        _ result: PythonRuntime.CellResult,
        nonce: [UInt8],
        to control: borrowing Descriptor
    ) throws(SystemError) {
        for rich in result.rich.prefix(RichOutput.perRunMax) {
            guard let rich = RichOutput(mimeType: rich.mimeType, content: rich.content) else { continue }
            try control.writeAll(InterpreterReport.rich(rich).frame.encoded)
        }
        try control.writeAll(InterpreterReport.done(nonce: nonce, raised: result.hasRaised).frame.encoded)
    }
}
