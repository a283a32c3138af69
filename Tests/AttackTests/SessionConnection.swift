import NIOCore
import NIOPosix
import SandboxProtocol

/// The daemon's end of the connection of one session: frames to the worker and from it.
struct SessionConnection {
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var decoder = FrameDecoder()

    /// Opens a session at `socket`, lends its connection to `body`, and ends the session by closing the connection.
    static func open<Result>(
        at socket: String,
        _ body: (SessionConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            let connection = SessionConnection(
                channel: connection.channel,
                outbound: outbound,
                inbound: inbound.makeAsyncIterator()
            )
            return try await body(connection)
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

    /// Sends a frame.
    func send(_ frame: Frame) async throws { try await send(bytes: frame.encoded) }

    /// Sends bytes, which may be no frame.
    func send(bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// The next frame; nil once the session has ended.
    mutating func next() async throws -> Frame? {
        while true {
            if let frame = try decoder.next() { return frame }
            // A session that is killed resets its connection: an end like any other.
            guard let bytes = try? await inbound.next(isolation: #isolation) else { return nil }
            decoder.append(bytes.readableBytesView)
        }
    }

    /// Closes the connection when `limit` has passed, so that ``next()`` comes to the end of a session that hangs.
    ///
    /// - Returns: What the caller cancels once the session has answered.
    func close(after limit: TimeAmount) -> Scheduled<Void> {
        let channel = channel
        return channel.eventLoop.scheduleTask(in: limit) { channel.close(mode: .all, promise: nil) }
    }
}
