import ContainerProtocol
import SandboxProtocol
import Workers

/// One session of the worker, asked and awaited; one command runs at a time.
final class Machine {
    private let connection: Connection
    private var decoder = FrameDecoder()
    private var hasBegun = false

    /// Opens a session by connecting to the worker's socket, and waits until it has begun.
    init(path: String) throws {
        connection = try Connection(path: path)
        while !hasBegun { _ = try advance() }
    }

    var descriptor: CInt { connection.descriptor }

    /// Asks for a command without waiting for it; its input is empty, or a terminal's.
    func start(_ words: [String], terminal: TerminalSize? = nil) throws {
        guard let command = Command(words.map { Array($0.utf8) }, terminal: terminal) else {
            throw BenchError("\(words) is no command")
        }
        let requests = [ContainerRequest.start(1, command)] + (terminal == nil ? [.endInput(1)] : [])
        try connection.write(requests.flatMap { $0.frame.encoded })
    }

    /// Types on the terminal of the command.
    func type(_ text: String) throws { try connection.write(ContainerRequest.input(1, Array(text.utf8)).frame.encoded) }

    /// Reads once, and says what the command wrote and whether it is over.
    func advance() throws -> (output: [UInt8], isFinished: Bool) {
        decoder.append(try connection.read())
        var output: [UInt8] = []
        while let frame = try decoder.next() {
            if let event = try SessionEvent(frame) {
                if case .opened = event { hasBegun = true }
                continue
            }
            switch try ContainerEvent(frame) {
            case .output(_, let bytes): output += bytes
            case .inputTaken, .processesEnded: break
            case .ended(_, let outcome):
                guard outcome.end == .exited(0) else { throw BenchError("the command ended as \(outcome)") }
                return (output, true)
            }
        }
        return (output, false)
    }

    /// Runs a command to its end.
    func run(_ words: [String]) throws {
        try start(words)
        while try !advance().isFinished {}
    }

    /// Reads until the command has written `text`, and nothing after it.
    func waitForOutput(endingIn text: String) throws {
        var output: [UInt8] = []
        while !output.suffix(text.utf8.count).elementsEqual(text.utf8) { output += try advance().output }
    }
}

extension Machine: BusySession {
    func startCall() throws { try start(["true"]) }

    func advanceCall() throws -> Bool { try advance().isFinished }
}
