internal import Foundation
internal import NIOCore
internal import NIOPosix
public import SandboxProtocol

/// Supervisors of sessions on a real socket, which answer as a test wants.
public enum FakeSupervisor: Sendable {
    /// The frames that a supervisor answers to one; nil ends it, as when its process dies.
    public typealias Answer = @Sendable (Frame) throws -> [Frame]?

    /// Runs `body` with the path of a socket where these supervisors wait.
    ///
    /// - Parameter opens: Whether they say that a session has begun.
    public static func run(
        opens: Bool = true,
        answer: @escaping Answer,
        body: @escaping @Sendable (_ path: String) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).sock").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(listener, opens: opens, answer) }
            try await body(path)
            group.cancelAll()
        }
    }

    private static func serve(
        _ listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>,
        opens: Bool,
        _ answer: @escaping Answer
    ) async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    // What fails is the connection's end, which the test looks at from the other side.
                    group.addTask { try? await supervise(connection, opens: opens, answer) }
                }
            }
        }
    }

    private static func supervise(
        _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
        opens: Bool,
        _ answer: @escaping Answer
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            if opens {
                try await outbound.write(ByteBuffer(bytes: SessionEvent.opened(key: Array(0..<16)).frame.encoded))
            }
            var decoder = FrameDecoder()
            for try await buffer in inbound {
                decoder.append(buffer.readableBytesView)
                while let frame = try decoder.next() {
                    guard let frames = try answer(frame) else { return }
                    for frame in frames { try await outbound.write(ByteBuffer(bytes: frame.encoded)) }
                }
            }
        }
    }
}
