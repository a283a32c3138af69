internal import Glibc
public import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// The HTTP server: one router on every address.
///
/// Asked to shut down gracefully, it refuses new connections, lets running calls end for as long as
/// `ServerSettings.drain`, and then cancels what is left.
public struct HarmoniumServer: Service {
    private let responder: RouterResponder<ServerContext>
    private let settings: ServerSettings
    private let policy: ConnectionPolicy
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// Serves `router`, which has all of its routes by now.
    ///
    /// - Parameter onListening: Called once with the port, when every address that is to be had answers there.
    public init(
        router: Router<ServerContext>,
        settings: ServerSettings,
        logger: Logger = .current,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        precondition(!settings.hosts.isEmpty, "a server without an address")
        responder = router.buildResponder()
        self.settings = settings
        policy = ConnectionPolicy(settings, logger: logger)
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until it is shut down or cancelled.
    ///
    /// - Throws: NIO's error if it cannot listen on an address that the machine has.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            defer { group.cancelAll() }
            var port = settings.port
            var listeners = 0
            for host in settings.hosts {
                let listener = Listener(server: self, host: host, port: port)
                group.addTask { try await listener.run() }
                guard let bound = await listener.port else { continue }
                port = bound
                listeners += 1
            }
            if listeners > 0 { await onListening(port) }
            group.addTask { try await drained() }
            for _ in settings.hosts {
                guard try await group.next() == .closed else { return }
            }
        }
    }

    private func drained() async throws -> Ending {
        try await gracefulShutdown()
        try await Task.sleep(for: settings.drain)
        logger.info("Cancelling the calls that are still running")
        return .overdue
    }

    fileprivate func application(
        host: String,
        port: Int,
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        let http = HTTP1Channel.Configuration(idleTimeout: TimeAmount(settings.socketIdle))
        return Application(
            responder: responder,
            server: HTTPServerBuilder { [policy] responder in
                GuardedChannel(http: HTTP1Channel(responder: responder, configuration: http), policy: policy)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(settings.socketsMax, logger: logger)
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }
}

/// How a part of the server ended.
private enum Ending {
    case closed
    case overdue
}

/// The server on one address.
private struct Listener: Sendable {
    private let server: HarmoniumServer
    private let host: String
    private let wantedPort: Int
    private let ports: AsyncStream<Int>
    private let reporting: AsyncStream<Int>.Continuation

    init(server: HarmoniumServer, host: String, port: Int) {
        self.server = server
        self.host = host
        wantedPort = port
        (ports, reporting) = AsyncStream.makeStream()
    }

    /// The port, once it is listened on; nil when it never will be.
    var port: Int? {
        get async { await ports.first { _ in true } }
    }

    /// Serves until shut down, or not at all where the machine does not have the address and another one is left.
    func run() async throws -> Ending {
        defer { reporting.finish() }
        do {
            try await server.application(host: host, port: wantedPort) { reporting.yield($0) }.run()
        } catch let error where isDispensable && isAbsence(error) {
            Logger.current.info("Address is not there", metadata: ["host": "\(host)"])
        }
        return .closed
    }

    private var isDispensable: Bool { host != server.firstHost }

    private func isAbsence(_ error: any Error) -> Bool {
        if error is SocketAddressError { return true }
        return [EADDRNOTAVAIL, EAFNOSUPPORT].contains((error as? IOError)?.errnoCode)
    }
}

extension HarmoniumServer {
    fileprivate var firstHost: String? { settings.hosts.first }
}
