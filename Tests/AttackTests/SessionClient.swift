import NIOCore
import NIOPosix
import PythonProtocol
import SandboxProtocol

/// One session of a worker, from the daemon's end of its connection: what a cell does is seen from here only.
struct SessionClient {
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var decoder = FrameDecoder()

    /// How much longer than its time limit and grace a run may take on a busy machine before the session counts as hung.
    private static let patience = TimeAmount.seconds(30)

    /// Opens a session at `socket`, lends it to `body`, and ends it by closing the connection.
    static func open<Result>(
        at socket: String,
        _ body: (inout SessionClient) async throws -> Result
    ) async throws -> Result {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            var client = SessionClient(
                channel: connection.channel,
                outbound: outbound,
                inbound: inbound.makeAsyncIterator()
            )
            return try await body(&client)
        }
    }

    private init(
        channel: any Channel,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.channel = channel
        self.outbound = outbound
        self.inbound = inbound
    }

    /// Runs a cell to its end, or to the session's.
    mutating func run(_ source: String, limitMilliseconds: UInt32 = 10_000) async throws -> Observation {
        try await send(.run(.init(timeLimitMilliseconds: limitMilliseconds, source: Array(source.utf8))))
        return try await observe(withinMilliseconds: limitMilliseconds)
    }

    /// Asks for something without waiting for an answer.
    func send(_ request: PythonRequest) async throws { try await sendRaw(request.frame.encoded) }

    /// Sends bytes that are no request.
    func sendRaw(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// What happens up to the end of the run under way.
    mutating func observe(withinMilliseconds limit: UInt32) async throws -> Observation {
        let started = ContinuousClock.now
        let watchdog = watch(.milliseconds(Int64(limit)))
        defer { watchdog.cancel() }
        var seen = Observation()
        while let frame = try await next() {
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
        try await sendRaw(request.frame.encoded)
        let watchdog = watch(.zero)
        defer { watchdog.cancel() }
        var answer = FileAnswer()
        while let frame = try await next() {
            switch try SessionEvent(frame) {
            case .file(.entry(let path, _)): answer.paths.append(path)
            case .file(.content(let bytes, let next)):
                answer.content += bytes
                guard let next, case .read(let path, _) = request else {
                    answer.code = 0
                    return answer
                }
                try await sendRaw(FileRequest.read(path: path, from: next).frame.encoded)
            case .file(.ended(let code)):
                answer.code = code
                return answer
            case .opened, .listening, nil: break
            }
        }
        return answer
    }

    /// Ends the session if it does not answer; the reader then comes to the stream's end.
    private func watch(_ limit: TimeAmount) -> Scheduled<Void> {
        let channel = channel
        return channel.eventLoop.scheduleTask(in: limit + SessionClient.patience) {
            channel.close(mode: .all, promise: nil)
        }
    }

    private mutating func next() async throws -> Frame? {
        while true {
            if let frame = try decoder.next() { return frame }
            // A session that is killed resets its connection: an end like any other.
            guard let bytes = try? await inbound.next(isolation: #isolation) else { return nil }
            decoder.append(bytes.readableBytesView)
        }
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
