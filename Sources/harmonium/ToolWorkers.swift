internal import ContainerImages
internal import Logging
internal import ServiceLifecycle
internal import Sessions

/// The workers of one tool: one for each network that its sessions may reach.
struct ToolWorkers: Sendable {
    /// The tool's name.
    let tool: String
    /// The worker of the sessions that reach what is usual, and those of others that a session may ask for.
    let processes: [WorkerProcess]
    private let egress: EgressService?
    private let images: ImageWorkers?

    /// Workers as `launch` says, which keep their sockets in `directory`; those of `images` start when a session asks.
    init(_ launch: WorkerLaunch, in directory: RuntimeDirectory, images: ImageStore? = nil) throws {
        let sandboxes = launch.sandboxes
        tool = sandboxes.tool
        let networks = [sandboxes.network] + sandboxes.networks.filter { $0 != sandboxes.network }
        let egress = networks.contains("egress") ? try EgressService(for: sandboxes, in: directory) : nil
        self.egress = egress
        let make = { @Sendable (launch: WorkerLaunch, network: String) in
            WorkerProcess(
                launch,
                network: network,
                directory: directory,
                egressSocket: network == "egress" ? egress?.socket : nil
            )
        }
        processes = networks.map { make(launch, $0) }
        self.images = images.map { store in
            ImageWorkers(of: store, networks: networks) { image, network, number in
                make(launch.on(image, number: number), network)
            }
        }
    }

    /// The socket of the worker whose sessions reach `network`, which is waited for while it starts.
    ///
    /// With an `image`, it is the worker of that image, which is started if need be.
    func socketPath(_ network: String, image: String = "") async throws -> String {
        if !image.isEmpty {
            guard let images else { throw SessionError(.imageNotOffered) }
            return try await images.socketPath(network, image: image)
        }
        guard let process = processes.first(where: { $0.network == network }) else {
            throw SessionError(.networkNotOffered)
        }
        return try await process.socketPath()
    }

    /// The workers of images that there are now, each with the name of its image; nil if the tool has no images.
    var ofImages: [(image: String, process: WorkerProcess)]? { get async { await images?.all } }

    /// Serves the network to the session whose listening socket came with `token`, until cancelled.
    func serveNetwork(_ token: [UInt8], of session: SessionID) async {
        await egress?.serve(token, session: "\(session)")
    }

    /// Says where the daemon listens, which no session may reach.
    func listens(on port: Int) { egress?.listens(on: port) }

    /// Whether all of them serve; waits for those that start.
    var areReady: Bool {
        get async {
            for process in processes where (try? await process.socketPath()) == nil { return false }
            return true
        }
    }

    /// Runs them until they are shut down, and `sessions` on them.
    func run(with sessions: any ToolSessions) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for process in processes { group.addTask { try await process.run() } }
            if let images { group.addTask { await images.run() } }
            group.addTask { try await sessions.expireIdleSessions() }
            try await group.next()
            group.cancelAll()
        }
        await sessions.endAll()
    }
}

/// What serves a tool whose sessions workers make.
protocol WorkerService: Service {
    /// The workers.
    var workers: ToolWorkers { get }
    /// The sessions on them.
    var sessions: any ToolSessions { get }
}

extension WorkerService {
    /// Runs until it is shut down; then ends its sessions and processes.
    func run() async throws { try await workers.run(with: sessions) }

    /// Runs `body` once sessions can be opened, then ends everything.
    func withWorkers<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let services = ServiceGroup(services: [self], logger: Logger.current)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                for process in workers.processes { _ = try await process.socketPath() }
            } catch {
                // The service's own error says why.
                try await group.next()
                throw error
            }
            let value = try await body()
            await services.triggerGracefulShutdown()
            try await group.next()
            return value
        }
    }
}

extension Settings.Sandboxes {
    /// The limits on sessions, each of which may run `callsMax` calls at a time.
    func limits(callsMax: Int = 1) -> SessionLimits {
        SessionLimits(
            sessionsMax: sessionsMax,
            idle: idle,
            roomIdle: roomIdle,
            callsMax: callsMax,
            waitingMax: waitingMax
        )
    }
}
