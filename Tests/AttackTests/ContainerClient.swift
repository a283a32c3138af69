import ContainerProtocol
import NIOCore
import NIOPosix
import SandboxProtocol

/// One session of a container worker, from the daemon's end of its connection.
struct ContainerClient {
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var decoder = FrameDecoder()
    private var seen: [UInt32: Seen] = [:]

    /// What was seen of one command.
    struct Seen: Sendable {
        var output: [UInt8] = []
        /// How it ended; nil if it has not, or the session ended instead.
        var outcome: CommandOutcome?

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Opens a session at `socket`, lends it to `body`, and ends it by closing the connection.
    static func open<Result>(
        at socket: String,
        _ body: (inout ContainerClient) async throws -> Result
    ) async throws -> Result {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        // A session that does not answer ends, and the reader comes to the end of the stream.
        let watchdog = connection.channel.eventLoop.scheduleTask(in: .minutes(2)) {
            connection.channel.close(mode: .all, promise: nil)
        }
        defer { watchdog.cancel() }
        return try await connection.executeThenClose { inbound, outbound in
            var client = ContainerClient(
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
    func send(_ request: ContainerRequest) async throws { try await send(request.frame) }

    /// Sends a frame.
    func send(_ frame: Frame) async throws { try await outbound.write(ByteBuffer(bytes: frame.encoded)) }

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
        while let frame = try await next() {
            switch try SessionEvent(frame) {
            case .file(.content(let bytes, _)): return String(decoding: bytes, as: UTF8.self)
            case .file(.ended): return nil
            case .file(.entry), .opened, .listening: break
            case nil: try take(frame)
            }
        }
        return nil
    }

    private mutating func wait(until isDone: (ContainerClient) -> Bool) async throws {
        while !isDone(self), let frame = try await next() {
            if try SessionEvent(frame) == nil { try take(frame) }
        }
    }

    private mutating func take(_ frame: Frame) throws {
        switch try ContainerEvent(frame) {
        case .output(let number, let bytes): seen[number, default: Seen()].output += bytes
        case .inputDropped: break
        case .ended(let number, let outcome): seen[number, default: Seen()].outcome = outcome
        }
    }

    private mutating func next() async throws -> Frame? {
        while true {
            if let frame = try decoder.next() { return frame }
            guard let bytes = try? await inbound.next(isolation: #isolation) else { return nil }
            decoder.append(bytes.readableBytesView)
        }
    }

    /// What was to be run is no command.
    struct NoCommand: Error {}
}
