import NIOCore
import PythonProtocol
import SandboxProtocol

/// One session of a worker, from the daemon's end of its connection: what a cell does is seen from here only.
struct SessionClient {
    private var connection: SessionConnection

    /// How much longer than its time limit and grace a run may take on a busy machine before the session counts as hung.
    private static let patience = TimeAmount.seconds(30)

    /// The session that `connection` belongs to.
    init(_ connection: SessionConnection) { self.connection = connection }

    /// Runs a cell to its end, or to the session's.
    mutating func run(_ source: String, limitMilliseconds: UInt32 = 10_000) async throws -> Observation {
        try await send(.run(.init(timeLimitMilliseconds: limitMilliseconds, source: Array(source.utf8))))
        return try await observe(withinMilliseconds: limitMilliseconds)
    }

    /// Asks for something without waiting for an answer.
    func send(_ request: PythonRequest) async throws { try await connection.send(request.frame) }

    /// Sends bytes that are no request.
    func sendRaw(_ bytes: [UInt8]) async throws { try await connection.send(bytes: bytes) }

    /// What happens up to the end of the run under way.
    mutating func observe(withinMilliseconds limit: UInt32) async throws -> Observation {
        let started = ContinuousClock.now
        let watchdog = connection.close(after: .milliseconds(Int64(limit)) + SessionClient.patience)
        defer { watchdog.cancel() }
        var seen = Observation()
        while let frame = try await connection.next() {
            guard try SessionEvent(frame) == nil else { continue }
            switch try PythonEvent(frame) {
            case .output(let bytes): seen.output += bytes
            case .backgroundOutput(let bytes, _): seen.background += bytes
            case .rich: seen.richCount += 1
            case .restarted(let death): seen.deathBefore = death
            case .finished(let outcome):
                seen.outcome = outcome
                seen.duration = ContinuousClock.now - started
                return seen
            }
        }
        seen.duration = ContinuousClock.now - started
        return seen
    }

    /// Carries out a file request, while no cell runs.
    mutating func files(_ request: FileRequest) async throws -> FileAnswer {
        try await connection.send(request.frame)
        let watchdog = connection.close(after: SessionClient.patience)
        defer { watchdog.cancel() }
        var answer = FileAnswer()
        while let frame = try await connection.next() {
            switch try SessionEvent(frame) {
            case .file(.entry(let path, _)): answer.paths.append(path)
            case .file(.content(let bytes, let next)):
                answer.content += bytes
                guard let next, case .read(let path, _) = request else {
                    answer.code = 0
                    return answer
                }
                try await connection.send(FileRequest.read(path: path, from: next).frame)
            case .file(.ended(let code)):
                answer.code = code
                return answer
            case .opened, .listening, nil: break
            }
        }
        return answer
    }
}

/// What was seen of one run.
struct Observation: Sendable {
    /// How it ended; nil if the session ended instead, or did not answer.
    var outcome: Outcome?
    var output: [UInt8] = []
    /// What came of the time before the run.
    var background: [UInt8] = []
    var richCount = 0
    /// What the interpreter died of before the run.
    var deathBefore: Outcome.Death?
    var duration = Duration.zero

    /// The output as text; what is no text in it is replaced.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// How it ended, in a word or two.
    var summary: String {
        guard let outcome else { return "no answer" }
        let end =
            switch outcome.end {
            case .completed: "completed"
            case .raised: "raised"
            case .died(.exited(let status)): "exited \(status)"
            case .died(.signaled(let signal)): "signaled \(signal)"
            case .died(.outOfMemory): "outOfMemory"
            case .died(.brokeProtocol): "brokeProtocol"
            case .died(.backgroundLimit): "backgroundLimit"
            }
        return outcome.stop.map { "\(end), \($0)" } ?? end
    }
}

/// What was answered about files.
struct FileAnswer: Sendable {
    /// The `errno` that it ended with; nil if the session ended instead.
    var code: Int32?
    var paths: [[UInt8]] = []
    var content: [UInt8] = []
}
