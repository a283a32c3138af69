import PythonProtocol
import SandboxProtocol
import Workers

/// One session of the worker, asked and awaited.
final class Session {
    private let connection: Connection
    private var decoder = FrameDecoder()

    /// Opens a session by connecting to the worker's socket.
    init(path: String) throws {
        connection = try Connection(path: path)
    }

    var descriptor: CInt { connection.descriptor }

    /// Asks for a run without waiting for it.
    func start(_ source: String) throws {
        let run = PythonRequest.Run(timeLimitMilliseconds: 60_000, source: Array(source.utf8))
        try connection.write(PythonRequest.run(run).frame.encoded)
    }

    /// Reads once, and says how many bytes of output came and whether the run is over.
    func advance() throws -> (outputBytes: Int, isFinished: Bool) {
        decoder.append(try connection.read())
        var outputBytes = 0
        while let frame = try decoder.next() {
            guard try SessionEvent(frame) == nil else { continue }
            switch try PythonEvent(frame) {
            case .output(let bytes): outputBytes += bytes.count
            case .backgroundOutput, .rich: break
            case .restarted: throw BenchError("the session lost its state")
            case .finished(let outcome):
                guard outcome.end == .completed else { throw BenchError("the run ended as \(outcome)") }
                return (outputBytes, true)
            }
        }
        return (outputBytes, false)
    }

    /// Runs `cell` to its end; one that shows too little is no measurement.
    func run(_ cell: Cell) throws {
        try start(cell.source)
        var shown = 0
        while true {
            let (outputBytes, isFinished) = try advance()
            shown += outputBytes
            if isFinished { break }
        }
        guard shown >= cell.outputBytesMin else {
            throw BenchError("\(shown) bytes of output, not \(cell.outputBytesMin)")
        }
    }
}

extension Session: BusySession {
    func startCall() throws { try start(Cell.light.source) }

    func advanceCall() throws -> Bool { try advance().isFinished }
}

/// What is run, the same for everybody who is measured.
struct Cell: Sendable {
    let source: String
    /// The fewest bytes it shows.
    let outputBytesMin: Int

    /// What is measured in a session that is open, under the names that the peers use.
    static let warm = [
        ("warm call", light), ("10 000 printed lines", manyLines), ("2 MB of output", manyBytes),
    ]

    static let light = Cell(source: "64548*15151", outputBytesMin: 9)
    static let manyLines = Cell(source: "for i in range(10_000): print(i)", outputBytesMin: 48_890)
    static let manyBytes = Cell(source: "print('x' * 2_000_000)", outputBytesMin: 2_000_001)
}
