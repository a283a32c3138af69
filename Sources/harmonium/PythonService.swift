internal import Logging
internal import PythonTool
internal import Sandbox
internal import ServiceLifecycle

/// All that serves the python tool: the worker, the sessions on it, and the namespace that offers them.
struct PythonService: Service {
    let worker: WorkerProcess
    let sandbox: Sandbox
    let namespace: PythonNamespace
    private let directory: RuntimeDirectory

    init(settings: Settings, installation: Installation) throws {
        directory = try RuntimeDirectory()
        let python = settings.python
        let egress =
            python.network == "egress"
            ? try EgressService(allowing: python.egress, port: settings.port, in: directory) : nil
        let worker = WorkerProcess(
            installation: installation,
            settings: python,
            directory: directory,
            egressMailbox: egress?.mailbox
        )
        self.worker = worker
        sandbox = Sandbox(
            limits: .init(
                sessionsMax: python.sessionsMax,
                runningMax: python.runningMax,
                idle: python.idle,
                waitingMax: python.waitingMax
            ),
            network: { token, session in await egress?.serve(token, session: session) },
            findWorker: { try await worker.socketPath() }
        )
        namespace = PythonNamespace(
            sandbox: sandbox,
            settings: .init(
                timeLimit: python.timeLimit,
                shownBytesMax: python.shownBytesMax,
                reachable: python.network == "egress" ? python.egress : [],
                memoryBytes: UInt64(python.memoryMiB) << 20
            )
        )
    }

    /// Runs until shut down; leaves no process and no file behind.
    func run() async throws {
        defer { directory.remove() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask { try await sandbox.expireIdleSessions() }
            try await group.next()
            group.cancelAll()
        }
        await sandbox.endAll()
    }

    /// Runs `body` once sessions can be opened, then ends everything.
    func withWorker<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let services = ServiceGroup(services: [self], logger: Logger.current)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                _ = try await worker.socketPath()
            } catch {
                // The service knows better why.
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
