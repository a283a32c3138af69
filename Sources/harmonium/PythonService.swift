internal import PythonTool
internal import Sandbox
internal import SandboxClient
internal import Sessions
internal import Tokenizer

/// All that serves the python tool: its workers, the sessions on them, and the namespace that offers them.
struct PythonService: WorkerService {
    let workers: ToolWorkers
    let sandbox: Sandbox
    let namespace: PythonNamespace

    var sessions: any ToolSessions { sandbox.sessions }

    /// Sockets of the workers are in `directory`.
    init(
        settings: Settings,
        installation: Installation,
        encoding: Encoding?,
        sharing: DataSharing = DataSharing(),
        directory: RuntimeDirectory
    ) throws {
        let python = settings.python
        let workers = try ToolWorkers(.python(python, installation), in: directory)
        self.workers = workers
        sandbox = Sandbox(
            limits: Sandbox.Limits(
                sessions: python.sandboxes.limits(),
                runningMax: python.runningMax,
                queue: python.queue,
                grace: python.sandboxes.grace
            ),
            usualNetwork: python.sandboxes.network,
            sharing: sharing,
            network: { token, session in await workers.serveNetwork(token, of: session) },
            findWorker: { network in try await workers.socketPath(network) }
        )
        namespace = PythonNamespace(
            sandbox: sandbox,
            settings: .init(
                timeLimit: python.timeLimit,
                shown: OutputBudget(tokensMax: python.shownTokensMax, encoding: encoding),
                reachable: python.sandboxes.network == "egress" ? python.sandboxes.egress : [],
                memoryBytes: UInt64(python.sandboxes.memoryMiB) << 20
            )
        )
    }
}
