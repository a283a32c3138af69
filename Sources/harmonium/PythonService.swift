internal import Logging
internal import PythonTool
internal import Sandbox
internal import ServiceLifecycle
internal import Sessions
internal import Tokenizer

/// All that serves the python tool: the worker, the sessions on it, and the namespace that offers them.
struct PythonService: Service {
    /// The worker of the sessions that reach what is usual, and those of others that a session may ask for.
    let workers: [WorkerProcess]
    let sandbox: Sandbox
    let namespace: PythonNamespace
    private let egress: EgressService?
    /// Where this process keeps what ends with it.
    let directory: RuntimeDirectory

    init(settings: Settings, installation: Installation, encoding: Encoding?) throws {
        directory = try RuntimeDirectory()
        let python = settings.python
        let networks = [python.network] + python.networks.filter { $0 != python.network }
        let egress =
            networks.contains("egress")
            ? try EgressService(allowing: python.egress, in: directory) : nil
        self.egress = egress
        let workers = PythonService.workers(
            of: networks,
            settings: python,
            installation: installation,
            directory: directory,
            egress: egress
        )
        self.workers = workers
        sandbox = Sandbox(
            limits: python.limits,
            usualNetwork: python.network,
            network: { token, session in await egress?.serve(token, session: "\(session)") },
            findWorker: { network in
                guard let worker = workers.first(where: { $0.network == network }) else {
                    throw SessionError(.networkNotOffered)
                }
                return try await worker.socketPath()
            }
        )
        namespace = PythonNamespace(
            sandbox: sandbox,
            settings: .init(
                timeLimit: python.timeLimit,
                shown: OutputBudget(tokensMax: python.shownTokensMax, encoding: encoding),
                reachable: python.network == "egress" ? python.egress : [],
                memoryBytes: UInt64(python.memoryMiB) << 20
            )
        )
    }

    /// Says where the daemon listens, which no session may reach.
    func listens(on port: Int) { egress?.listens(on: port) }

    /// A worker for each network.
    private static func workers(
        of networks: [String],
        settings: Settings.Python,
        installation: Installation,
        directory: RuntimeDirectory,
        egress: EgressService?
    ) -> [WorkerProcess] {
        networks.map { network in
            WorkerProcess(
                installation: installation,
                settings: settings,
                network: network,
                directory: directory,
                egressSocket: network == "egress" ? egress?.socket : nil
            )
        }
    }

    /// Runs until it is shut down; then ends its processes and removes its files.
    func run() async throws {
        defer { directory.remove() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { try await worker.run() } }
            group.addTask { try await sandbox.sessions.expireIdleSessions() }
            try await group.next()
            group.cancelAll()
        }
        await sandbox.sessions.endAll()
    }

    /// Runs `body` once sessions can be opened, then ends everything.
    func withWorker<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let services = ServiceGroup(services: [self], logger: Logger.current)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                for worker in workers { _ = try await worker.socketPath() }
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

extension Settings.Python {
    fileprivate var limits: Sandbox.Limits {
        Sandbox.Limits(
            sessions: SessionLimits(
                sessionsMax: sessionsMax,
                idle: idle,
                roomIdle: roomIdle,
                waitingMax: waitingMax
            ),
            runningMax: runningMax,
            queue: queue,
            grace: grace
        )
    }
}
