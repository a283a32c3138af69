import ContainerProtocol
import NIOCore
import SandboxProtocol

/// One session of a container worker, from the daemon's end of its connection.
struct ContainerClient {
    private var connection: SessionConnection
    private var seen: [UInt32: Seen] = [:]
    /// How much input commands have read.
    private(set) var takenInputBytes = 0

    /// What the worker knows this session by; empty until it has come.
    private(set) var key: [UInt8] = []

    /// What was seen of one command.
    struct Seen: Sendable {
        var output: [UInt8] = []
        /// How it ended; nil if it has not, or the session ended instead.
        var outcome: CommandOutcome?

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Lends the session that `connection` belongs to; one that does not answer in two minutes ends.
    static func over<Result>(
        _ connection: SessionConnection,
        _ body: (inout ContainerClient) async throws -> Result
    ) async throws -> Result {
        let watchdog = connection.close(after: .minutes(2))
        defer { watchdog.cancel() }
        var client = ContainerClient(connection: connection)
        return try await body(&client)
    }

    private init(connection: SessionConnection) { self.connection = connection }

    /// Runs a script of bash to its end, with its input closed.
    mutating func bash(_ script: String, limitMilliseconds: UInt32 = 20_000) async throws -> Seen {
        try await run(["bash", "-c", script], limitMilliseconds: limitMilliseconds)
    }

    /// Runs a command to its end, with its input closed.
    mutating func run(
        _ words: [String],
        in directory: String = "",
        as user: String = "",
        limitMilliseconds: UInt32 = 20_000
    ) async throws -> Seen {
        let command = Command(
            words.map { Array($0.utf8) },
            workingDirectory: Array(directory.utf8),
            user: Array(user.utf8),
            timeLimitMilliseconds: limitMilliseconds
        )
        guard let command else { throw NoCommand() }
        try await send(.start(1, command))
        try await send(.endInput(1))
        return try await end(of: 1)
    }

    /// Sends a request without waiting for an answer.
    func send(_ request: ContainerRequest) async throws { try await connection.send(request.frame) }

    /// Sends a frame.
    func send(_ frame: Frame) async throws { try await connection.send(frame) }

    /// Waits until the command has ended, and gives what was seen of it.
    mutating func end(of number: UInt32) async throws -> Seen {
        try await wait { $0.seen[number]?.outcome != nil }
        return seen.removeValue(forKey: number) ?? Seen()
    }

    /// Waits until the command has written `text`.
    mutating func output(of number: UInt32, has text: String) async throws {
        try await wait { $0.seen[number]?.text.contains(text) == true }
    }

    /// The content of a small file in the data directory.
    mutating func file(_ path: String) async throws -> String? {
        try await send(FileRequest.read(path: Array(path.utf8)).frame)
        while let frame = try await connection.next() {
            switch try SessionEvent(frame) {
            case .file(.content(let bytes, _)): return String(decoding: bytes, as: UTF8.self)
            case .file(.ended): return nil
            case .file(.entry), .opened, .listening: break
            case nil: try take(frame)
            }
        }
        return nil
    }

    /// Reads until `isDone`, or the session has ended.
    mutating func wait(until isDone: (ContainerClient) -> Bool) async throws {
        while !isDone(self), let frame = try await connection.next() {
            switch try SessionEvent(frame) {
            case .opened(let key): self.key = key
            case .listening, .file: break
            case nil: try take(frame)
            }
        }
    }

    private mutating func take(_ frame: Frame) throws {
        switch try ContainerEvent(frame) {
        case .output(let number, let bytes): seen[number, default: Seen()].output += bytes
        case .inputTaken(_, let bytes): takenInputBytes += Int(bytes)
        case .processesEnded: break
        case .ended(let number, let outcome): seen[number, default: Seen()].outcome = outcome
        }
    }

    /// What was to be run is no command.
    struct NoCommand: Error {}
}
