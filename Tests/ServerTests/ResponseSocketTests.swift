import JSON
import NIOCore
import Responses
import Server
import Synchronization
import TestSupport
import Testing
import Tokenizer

/// What bounds a WebSocket on which responses are made.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct ResponseSocketTests {
    private static let handshake = """
        GET /v1/responses HTTP/1.1\r
        Host: localhost\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r

        """
    private static let create = #"{"type":"response.create","input":"Hello."}"#

    /// Runs a server with the model `engine`, opens a socket, and lends both.
    private func withSocket<Value: Sendable>(
        _ engine: HeldEngine = HeldEngine(),
        settings change: (inout ServerSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (LiveServer, inout RawConnection.Reader, RawConnection) async throws -> Value
    ) async throws {
        let gateway = ResponseGateway(
            engine: engine,
            namespaces: [],
            encoding: try Installed.encoding(),
            now: { 0 }
        )
        try await LiveServer.run(settings: change, responses: gateway) { server in
            _ = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send(Self.handshake)
                let head = try await reader.text(to: "\r\n\r\n")
                #expect(head?.hasPrefix("HTTP/1.1 101 ") == true)
                // The example of RFC 6455, section 1.3.
                #expect(head?.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") == true)
                return try await body(server, &reader, connection)
            }
        }
    }

    /// How a frame that closes reads where what is no character is a replacement.
    private static func close(_ code: Int) -> String {
        String(decoding: [0x88, 2, UInt8(code >> 8), UInt8(code & 0xFF)], as: UTF8.self)
    }

    @Test func `a socket that is open for too long says so, and closes`() async throws {
        try await withSocket(settings: { $0.webSocketAge = .milliseconds(10) }) { _, reader, connection in
            let error = try await reader.text(to: "websocket_connection_limit_reached")
            #expect(error?.contains(#""type":"error","status":400"#) == true)
            try await connection.send(frame: "", opcode: 8)
            #expect(try await reader.rest().hasSuffix(Self.close(1000)))
        }
    }

    @Test func `a socket on which nothing runs closes when the server stops`() async throws {
        try await withSocket(settings: LiveServer.patient) { server, reader, connection in
            await server.stop()
            #expect(try await reader.text(to: Self.close(1001)) != nil)
            try await connection.send(frame: "", opcode: 8)
            #expect(try await reader.rest().isEmpty)
        }
    }

    @Test func `a response that runs when the server stops is made to its end`() async throws {
        let engine = HeldEngine()
        try await withSocket(engine, settings: LiveServer.patient) { server, reader, connection in
            try await connection.send(frame: Self.create)
            _ = await engine.begun.next()
            await server.stop()
            engine.finish()
            let answer = try await reader.text(to: Self.close(1001))
            #expect(answer?.contains(#""type":"response.completed""#) == true)
        }
    }

    @Test func `a client that leaves ends what runs for it, and one that stays does not`() async throws {
        let engine = HeldEngine()
        try await withSocket(engine, settings: LiveServer.patient) { _, reader, connection in
            try await connection.send(frame: Self.create)
            _ = await engine.begun.next()
            // The control: a ping is answered, and nothing has ended.
            try await connection.send(frame: "", opcode: 9)
            #expect(try await reader.text(to: String(decoding: [0x8A, 0], as: UTF8.self)) != nil)
            #expect(engine.cancelledCount == 0)
        }
        #expect(await engine.cancelled.next() != nil)
        #expect(engine.cancelledCount == 1)
    }

    @Test func `a client has as many sockets as it may, and no more`() async throws {
        try await withSocket(settings: { $0.requestsMax = 1 }) { server, _, _ in
            let second = try await RawConnection.run(to: server) { reader, connection in
                try await connection.send(Self.handshake)
                return try await reader.rest()
            }
            #expect(second.hasPrefix("HTTP/1.1 503 "))
            #expect(second.contains("too_many_sockets"))
        }
    }

    @Test func `a message takes of the memory for bodies before it is there`() async throws {
        try await withSocket(settings: { $0.bodiesBytesMax = 20_000 }) { _, reader, connection in
            // Of so many bytes one that fits, and one of which half is too much.
            try await connection.send(frame: String(repeating: " ", count: 30_000))
            #expect(try await reader.text(to: "invalid_json") != nil)
            try await connection.send(frame: String(repeating: " ", count: 120_000))
            #expect(try await reader.text(to: Self.close(1013)) != nil)
        }
    }
}

/// An engine that samples nothing until it is let go.
private final class HeldEngine: Engine {
    let model = "held"
    var contextTokensMax: Int? { nil }
    let isGuidable = false
    let begun = Events<Void>()
    let cancelled = Events<Void>()
    private let gate = Events<Void>()
    private let count = Mutex(0)

    var cancelledCount: Int { count.withLock(\.self) }

    func finish() { gate.report(()) }

    func sample(_ request: SamplingRequest, onIDs: ([UInt32]) async throws -> Void) async throws -> SamplingEnd {
        begun.report(())
        _ = await gate.next()
        guard !Task.isCancelled else {
            count.withLock { $0 += 1 }
            cancelled.report(())
            throw CancellationError()
        }
        try await onIDs([SpecialToken.return.id])
        return SamplingEnd(.stop)
    }
}
