public import NIOCore
internal import NIOPosix
public import NetworkAccess
internal import Synchronization

/// The one way out of a sandbox: an HTTP proxy that connects sessions to the hosts of an allow-list.
///
/// It speaks HTTP/1.1 as `HTTP_PROXY` and `HTTPS_PROXY` expect it: `CONNECT host:port` for a tunnel, and
/// `GET http://host/…` for a request that it passes on. Each connection carries one request. Names are looked up
/// here, once, and the connection goes to the address that was vetted.
public struct EgressProxy: Sendable {
    /// Looks up the addresses of a name; their ports do not matter. It should give up when its task is cancelled.
    public typealias Resolver = @Sendable (_ host: String) async throws -> [SocketAddress]

    let policy: AllowList
    let limits: EgressLimits
    let resolve: Resolver
    let audit: @Sendable (EgressRecord) -> Void
    private let ownListeners: OwnListeners

    /// A proxy for as many sessions as there are.
    ///
    /// `ownListeners` are the addresses that the daemon is bound to. Sessions cannot reach them, on any address of
    /// this machine if they are wildcards, whatever the policy says. `audit` is called once for each connection when it is
    /// over, on the thread that served it, as often as `limits` have it.
    public init(
        policy: AllowList,
        limits: EgressLimits = EgressLimits(),
        ownListeners: [SocketAddress] = [],
        resolve: Resolver? = nil,
        audit: @escaping @Sendable (EgressRecord) -> Void = EgressRecord.log
    ) {
        self.policy = policy
        self.limits = limits
        self.ownListeners = OwnListeners(ownListeners)
        self.resolve = resolve ?? { host in try await SystemResolver.addresses(of: host) }
        self.audit = audit
    }

    /// Serves a session that connects to `listeningDescriptor`, a TCP socket that listens already.
    ///
    /// Takes the descriptor over and closes it. Returns when the task is cancelled, after every connection is closed
    /// and audited. A process that keeps a copy of the descriptor keeps the port open, and its connections get no answer.
    ///
    /// - Throws: `IOError`, if the descriptor is not a listening socket or accepting fails for good.
    public func serve(listeningDescriptor: CInt, session: String) async throws {
        try await serve(session: session) { loop, initialize in
            try await EgressProxy.bootstrap(on: loop).bind(
                listeningDescriptor,
                serverBackPressureStrategy: EgressProxy.accepting,
                childChannelInitializer: initialize
            )
        }
    }

    /// Serves a session that connects to `address`, and says where once it can; port 0 takes a free one.
    ///
    /// - Throws: `IOError`, if the address cannot be bound or accepting fails for good.
    public func serve(
        at address: SocketAddress,
        session: String,
        whenListening: @Sendable (SocketAddress) async -> Void = { _ in }
    ) async throws {
        try await serve(session: session) { loop, initialize in
            let server = try await EgressProxy.bootstrap(on: loop).bind(
                to: address,
                serverBackPressureStrategy: EgressProxy.accepting,
                childChannelInitializer: initialize
            )
            if let bound = server.channel.localAddress { await whenListening(bound) }
            return server
        }
    }

    /// Whether a connection may be made to `address`, whatever name led to it.
    func accepts(_ address: IPAddress, port: Int) -> Bool {
        !ownListeners.include(address, port: port) && policy.accepts(address, port: port)
    }

    private typealias Initializer = @Sendable (any Channel) -> EventLoopFuture<ByteChannel>

    /// The kernel's backlog holds the others.
    private static let accepting = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(
        lowWatermark: 2,
        highWatermark: 8
    )

    private static func bootstrap(on loop: any EventLoop) -> ServerBootstrap {
        ServerBootstrap(group: loop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
    }

    private func serve(
        session: String,
        bind: (any EventLoop, @escaping Initializer) async throws -> NIOAsyncChannel<ByteChannel, Never>
    ) async throws {
        // All of a session on one loop: what goes through it changes no thread.
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let accepted = AcceptedChannels()
        let server = try await bind(loop) { channel in
            channel.eventLoop.makeCompletedFuture { try accepted.add(channel) }
        }
        do {
            try await answer(server, accepted: accepted, session: session)
        } catch {
            await accepted.closeAll()
            // Being cancelled is how serving ends, whatever it looks like from below.
            if Task.isCancelled { return }
            throw error
        }
        await accepted.closeAll()
    }

    /// Serves connections until the task is cancelled, each in a task of its own.
    private func answer(
        _ server: NIOAsyncChannel<ByteChannel, Never>,
        accepted: AcceptedChannels,
        session: String
    ) async throws {
        let ledger = SessionLedger(limits)
        defer { EgressRecord.logLeftOut(ledger.leftOutCount, session: session) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await server.executeThenClose { inbound in
                var unfinished = 0
                for try await client in inbound {
                    // As many again may be refused with a sentence.
                    if unfinished >= 2 * limits.connectionsMax {
                        try await group.next()
                        unfinished -= 1
                    }
                    unfinished += 1
                    accepted.remove(client)
                    let connection = ProxyConnection(client: client, session: session, proxy: self, ledger: ledger)
                    group.addTask { await connection.run() }
                }
            }
        }
    }
}
