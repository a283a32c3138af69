import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Egress
@testable import NetworkAccess
@testable import WebFetch

typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>
typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

/// What a server does with one connection after it has read the head of a request.
typealias Behavior = @Sendable (_ request: String, Outbound) async throws -> Ending

/// What becomes of a connection after that.
enum Ending: Sendable {
    /// There is nothing more to say.
    case closed
    /// It stays, in silence, until the other end goes away.
    case stalled
}

/// A server on 127.0.0.1 for as long as a test needs it, and what it was asked.
final class LoopbackServer: Sendable {
    let port: Int
    private let log: Mutex<[String]>

    static var hasVersion6: Bool {
        (try? System.enumerateDevices())?.contains { $0.address?.ipAddress == "::1" } == true
    }

    var requests: [String] { log.withLock(\.self) }
    var connectionCount: Int { connections.withLock(\.self) }
    private let connections: Mutex<Int>

    fileprivate init(port: Int) {
        self.port = port
        log = Mutex([])
        connections = Mutex(0)
    }

    fileprivate func serve(_ inbound: Inbound, _ outbound: Outbound, as behavior: Behavior) async throws {
        connections.withLock { $0 += 1 }
        var iterator = inbound.makeAsyncIterator()
        var request = ""
        while !request.contains("\r\n\r\n"), let buffer = try await iterator.next() {
            request += String(buffer: buffer)
        }
        log.withLock { $0.append(request) }
        switch try await behavior(request, outbound) {
        case .closed: outbound.finish()
        case .stalled: while try await iterator.next() != nil {}
        }
    }
}

/// Serves every connection with `behavior` while `body` runs.
func withServer<Value: Sendable>(
    at address: String = "127.0.0.1",
    tls: NIOSSLContext? = nil,
    _ behavior: @escaping Behavior,
    _ body: (LoopbackServer) async throws -> Value
) async throws -> Value {
    let accepted = AcceptedChannels()
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(to: SocketAddress(ipAddress: address, port: 0)) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                return try accepted.add(channel)
            }
        }
    let server = LoopbackServer(port: listener.channel.localAddress?.port ?? 0)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            await withDiscardingTaskGroup { connections in
                try? await listener.executeThenClose { inbound in
                    for try await connection in inbound {
                        accepted.remove(connection)
                        connections.addTask {
                            try? await connection.executeThenClose { try await server.serve($0, $1, as: behavior) }
                        }
                    }
                }
            }
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try await listener.channel.close()
        try await group.waitForAll()
        await accepted.closeAll()
        return try result.get()
    }
}

/// Answers with these bytes and ends the connection.
func answering(_ head: String, _ body: [UInt8] = []) -> Behavior {
    { _, outbound in
        try await outbound.write(ByteBuffer(string: head))
        if !body.isEmpty { try await outbound.write(ByteBuffer(bytes: body)) }
        return .closed
    }
}

/// A page of these fields and this body.
func page(_ body: String, _ fields: String...) -> Behavior {
    answering("HTTP/1.1 200 OK\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n", Array(body.utf8))
}

/// Sends `bytes`, and then nothing until the other end goes away.
func stalling(after bytes: String) -> Behavior {
    { _, outbound in
        if !bytes.isEmpty { try await outbound.write(ByteBuffer(string: bytes)) }
        return .stalled
    }
}

/// Sends `head`, and then `chunk` over and over until the other end goes away.
func endless(_ head: String, _ chunk: [UInt8]) -> Behavior {
    { _, outbound in
        try await outbound.write(ByteBuffer(string: head))
        // Few large writes: many small ones keep an event loop from anything else, the client's reads too.
        let block = ByteBuffer(bytes: Array(repeating: chunk, count: (1 << 16) / chunk.count + 1).joined())
        while true { try await outbound.write(block) }
    }
}

extension NIOSSLContext {
    /// A server's side, for `pub.example` by default.
    static func server(certificate: String = TestCertificates.leaf, maximum: TLSVersion? = nil) throws -> NIOSSLContext
    {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(TestCertificates.key.utf8), format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = maximum
        return try NIOSSLContext(configuration: configuration)
    }
}

extension WebFetcher {
    /// One that finds `pub.example` at 127.0.0.1 and may go there on `ports`.
    static func test(
        opening ports: [Int] = [],
        also patterns: [String] = [],
        limits: FetchLimits = .test,
        respectsRobots: Bool = false,
        resolve: @escaping HopVetting.Resolver = { _ in [.loopback] }
    ) throws -> WebFetcher {
        let roots = try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.root.utf8))
        return WebFetcher(
            vetting: HopVetting(
                allowed: try AllowList(allowing: ports.map { "127.0.0.1:\($0)" } + patterns),
                resolve: resolve,
                ownAddresses: { [] }
            ),
            limits: limits,
            userAgent: "HarmoniumTest/1",
            tls: try TLS(trustRoots: .certificates(roots)),
            respectsRobots: respectsRobots
        )
    }
}

extension FetchLimits {
    /// The real ones, but for politeness, and for time: other suites may keep the machine busy meanwhile.
    static var test: FetchLimits {
        var limits = FetchLimits()
        limits.perHostPause = .zero
        (limits.connectTime, limits.firstByteTime) = (.seconds(600), .seconds(600))
        (limits.totalTime, limits.documentTime) = (.seconds(600), .seconds(600))
        return limits
    }
}

extension SocketAddress {
    static var loopback: SocketAddress { .literal("127.0.0.1") }

    static func literal(_ text: String) -> SocketAddress {
        do {
            return try SocketAddress(ipAddress: text, port: 0)
        } catch {
            preconditionFailure("no address: \(text)")
        }
    }
}

/// How a fetch failed; nil if it did not.
func failure<Value>(_ fetch: () async throws -> Value) async -> FetchError? {
    do {
        _ = try await fetch()
        return nil
    } catch {
        return error as? FetchError
    }
}
