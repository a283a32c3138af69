internal import NIOCore

/// One end to write to, which waits for that end to take what it is given.
struct ByteWriter: Sendable {
    let channel: any Channel
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    func write(_ buffer: ByteBuffer) async throws {
        try await outbound.write(buffer)
    }

    func write(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Says that nothing more comes, once the kernel has all of it: closing a channel forgets what it still holds.
    func finish() async throws {
        try await channel.writeAndFlush(ByteBuffer()).get()
        outbound.finish()
    }
}
