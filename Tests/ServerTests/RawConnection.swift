import NIOCore
import NIOPosix

/// A connection on which a client writes what it likes.
struct RawConnection: Sendable {
    private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Connects for the length of `body`.
    static func run<Value: Sendable>(
        to server: LiveServer,
        _ body: @Sendable (inout RawConnection.Reader, RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let connection = RawConnection(inbound: inbound, outbound: outbound)
            var reader = Reader(inbound)
            return try await body(&reader, connection)
        }
    }

    /// Sends `text` on a connection of its own, and gives all that comes until the server closes.
    static func ask(_ server: LiveServer, _ text: String) async throws -> String {
        try await run(to: server) { reader, connection in
            try await connection.send(text)
            return try await reader.rest()
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Sends a frame of WebSocket, of text by default, with a mask that changes nothing.
    func send(frame text: String, opcode: UInt8 = 1) async throws {
        var buffer = ByteBuffer(bytes: [0x80 | opcode])
        switch text.utf8.count {
        case ..<126: buffer.writeInteger(0x80 | UInt8(text.utf8.count))
        case ..<65_536:
            buffer.writeInteger(0x80 | 126 as UInt8)
            buffer.writeInteger(UInt16(text.utf8.count))
        default:
            buffer.writeInteger(0x80 | 127 as UInt8)
            buffer.writeInteger(UInt64(text.utf8.count))
        }
        buffer.writeInteger(0 as UInt32)
        buffer.writeString(text)
        try await outbound.write(buffer)
    }

    /// What the server sends.
    struct Reader {
        private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private var text = ""

        fileprivate init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) {
            iterator = inbound.makeAsyncIterator()
        }

        /// Everything up to `end` and that; nil when the connection ends before.
        mutating func text(to end: String) async throws -> String? {
            while true {
                if let range = text.firstRange(of: end) {
                    defer { text = String(text[range.upperBound...]) }
                    return String(text[..<range.upperBound])
                }
                guard let piece = try await iterator.next(isolation: #isolation) else { return nil }
                text += String(buffer: piece)
            }
        }

        /// Everything until the server closes.
        mutating func rest() async throws -> String {
            while let piece = try await iterator.next(isolation: #isolation) { text += String(buffer: piece) }
            return text
        }
    }
}
