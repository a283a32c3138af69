import NIOCore
import NIOPosix
import NetworkAccess
import Synchronization

@testable import Egress

/// The records of one proxy.
final class Records: Sendable {
    private let list = Mutex<[EgressRecord]>([])
    private let (added, adding) = AsyncStream.makeStream(of: Void.self)

    func add(_ record: EgressRecord) {
        list.withLock { $0.append(record) }
        adding.yield()
    }

    /// Waits until there are `count` records; only once.
    func wait(for count: Int) async {
        var left = count
        guard left > 0 else { return }
        for await _ in added {
            left -= 1
            if left == 0 { return }
        }
    }

    var all: [EgressRecord] { list.withLock(\.self) }
}

typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>
typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

/// Serves every connection with `handle` while `body` runs, which gets the port.
func withHost<Value: Sendable>(
    _ handle: @escaping @Sendable (Inbound, Outbound) async throws -> Void,
    _ body: (Int) async throws -> Value
) async throws -> Value {
    let accepted = AcceptedChannels()
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .bind(to: .loopback()) { channel in
            channel.eventLoop.makeCompletedFuture { try accepted.add(channel) }
        }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            await withDiscardingTaskGroup { connections in
                try? await server.executeThenClose { inbound in
                    for try await connection in inbound {
                        accepted.remove(connection)
                        connections.addTask { try? await connection.executeThenClose(handle) }
                    }
                }
            }
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(server.channel.localAddress?.port ?? 0))
        } catch {
            result = .failure(error)
        }
        // Those that are served may end as they will, which is with their connections.
        try await server.channel.close()
        try await group.waitForAll()
        await accepted.closeAll()
        return try result.get()
    }
}

/// Runs a proxy while `body` runs, which gets its port, and until it has audited `count` connections.
func withProxy(
    _ proxy: (@escaping @Sendable (EgressRecord) -> Void) throws -> EgressProxy,
    awaiting count: Int = 1,
    _ body: (Int) async throws -> Void
) async throws -> [EgressRecord] {
    let records = Records()
    let running = try proxy { records.add($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
        let (ports, listening) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        group.addTask {
            defer { listening.finish() }
            try await running.serve(at: .loopback(), session: "s-1") { listening.yield($0.port ?? 0) }
        }
        for await port in ports {
            try await body(port)
            await records.wait(for: count)
            break
        }
        group.cancelAll()
        try await group.waitForAll()
    }
    return records.all
}

/// A proxy that finds every name at 127.0.0.1.
func proxy(
    allowing patterns: [String],
    limits: EgressLimits = EgressLimits(),
    ownListeners: [SocketAddress] = [],
    resolve: @escaping EgressProxy.Resolver = { _ in [.loopback()] }
) -> (@escaping @Sendable (EgressRecord) -> Void) throws -> EgressProxy {
    { audit in
        EgressProxy(
            policy: try AllowList(allowing: patterns),
            limits: limits,
            ownListeners: ownListeners,
            resolve: resolve,
            audit: audit
        )
    }
}

/// Connects to `port` and hands over both directions.
func withConnection<Value: Sendable>(
    to port: Int,
    _ body: (Inbound, Outbound) async throws -> Value
) async throws -> Value {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(to: .loopback(port)) { channel in
            channel.eventLoop.makeCompletedFuture {
                try ByteChannel(wrappingChannelSynchronously: channel, configuration: .relayed)
            }
        }
    return try await channel.executeThenClose { inbound, outbound in try await body(inbound, outbound) }
}

/// Sends `text` and returns all that comes until the other end closes.
func answer(from port: Int, to text: String, halfClosing: Bool = false) async throws -> String {
    try await withConnection(to: port) { inbound, outbound in
        try await outbound.write(ByteBuffer(string: text))
        if halfClosing { outbound.finish() }
        return await rest(of: inbound)
    }
}

/// What comes until the other end closes, or breaks off.
func rest(of inbound: Inbound) async -> String {
    var all = ByteBuffer()
    do {
        for try await buffer in inbound { all.writeImmutableBuffer(buffer) }
    } catch {
        return String(buffer: all)
    }
    return String(buffer: all)
}

/// Sends back what it gets.
let echo: @Sendable (Inbound, Outbound) async throws -> Void = { inbound, outbound in
    for try await buffer in inbound { try await outbound.write(buffer) }
    outbound.finish()
}

/// Answers a request with `body`, after it has read the head.
func answering(_ response: String) -> @Sendable (Inbound, Outbound) async throws -> Void {
    { inbound, outbound in
        var reader = ByteReader(inbound)
        _ = try await reader.head(bytesMax: 1 << 16)
        try await outbound.write(ByteBuffer(string: response))
        outbound.finish()
    }
}

extension SocketAddress {
    static func loopback(_ port: Int = 0) -> SocketAddress { .literal("127.0.0.1", port) }

    static func literal(_ text: String, _ port: Int = 0) -> SocketAddress {
        do {
            return try SocketAddress(ipAddress: text, port: port)
        } catch {
            preconditionFailure("no address: \(text)")
        }
    }
}
