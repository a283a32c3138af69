import Foundation
import NIOCore
import NIOPosix
import PythonProtocol
import Sandbox
import SandboxProtocol
import Sessions

/// Supervisors of sessions on a real socket, which answer as a test wants.
enum FakeWorker {
    /// What the daemon asks a supervisor of a python session.
    enum Request {
        case python(PythonRequest)
        case file(FileRequest)
    }

    /// The frames that a supervisor answers to a request; nil ends it, as when its process dies.
    typealias Answer = @Sendable (Request) -> [Frame]?

    /// Runs `body` with a sandbox whose sessions are these supervisors.
    static func run(
        limits: Sandbox.Limits = Sandbox.Limits(),
        answer: @escaping Answer,
        body: @escaping @Sendable (Sandbox) async throws -> Void
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
            group.addTask { try await serve(listener, answer) }
            let sandbox = Sandbox(limits: limits) { _ in path }
            try await body(sandbox)
            await sandbox.sessions.endAll()
            group.cancelAll()
        }
    }

    private static func serve(
        _ listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>,
        _ answer: @escaping Answer
    ) async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    // What fails is the connection's end, which the test looks at from the other side.
                    group.addTask { try? await supervise(connection, answer) }
                }
            }
        }
    }

    private static func supervise(
        _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
        _ answer: @escaping Answer
    ) async throws {
        try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: SessionEvent.opened.frame.encoded))
            var decoder = FrameDecoder()
            for try await buffer in inbound {
                decoder.append(buffer.readableBytesView)
                while let frame = try decoder.next() {
                    let file = try FileRequest(frame)
                    let request = if let file { Request.file(file) } else { Request.python(try PythonRequest(frame)) }
                    guard let frames = answer(request) else { return }
                    for frame in frames { try await outbound.write(ByteBuffer(bytes: frame.encoded)) }
                }
            }
        }
    }
}
