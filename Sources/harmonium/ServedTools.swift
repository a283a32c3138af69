internal import BrowserTool
internal import ContainerMachines
internal import ContainerTool
internal import MCP
internal import PythonTool
internal import Sandbox
internal import SandboxClient
internal import Server
internal import ServiceLifecycle
internal import Sessions
internal import Tokenizer

/// The tools that a daemon serves, as `server.tools` names them.
struct ServedTools: Sendable {
    private let python: PythonService?
    private let container: ContainerService?
    private let browser: BrowserService?

    /// What ends with the daemon is kept in `directory`.
    init(
        settings: Settings,
        installation: Installation,
        encoding: Encoding?,
        _ directory: RuntimeDirectory
    ) throws {
        let sharing = DataSharing()
        let isServed = { (name: String) in settings.tools.contains(name) }
        python =
            isServed("python")
            ? try PythonService(
                settings: settings,
                installation: installation,
                encoding: encoding,
                sharing: sharing,
                directory: directory
            ) : nil
        let browser =
            isServed("browser")
            ? try BrowserService(settings: settings, encoding: encoding, directory: directory) : nil
        self.browser = browser
        container =
            isServed("container")
            ? try ContainerService(
                settings: settings,
                installation: installation,
                sharing: sharing,
                downloads: settings.container.allowsDownloads
                    ? WebDownloads(fetcher: try browser?.fetcher ?? BrowserService.fetcher(settings.browser)) : nil,
                directory: directory
            ) : nil
    }

    /// What models see.
    var namespaces: [any ToolNamespace] {
        [python?.namespace as (any ToolNamespace)?, browser?.namespace, container?.namespace].compactMap(\.self)
    }

    /// All that has to run, from what is needed last to what is needed first.
    var services: [any Service] { workerServices.map { $0 as any Service } + [browser].compactMap(\.self) }

    /// The tools whose sessions workers make.
    var workerServices: [any WorkerService] {
        [python as (any WorkerService)?, container].compactMap(\.self)
    }

    /// The sessions of each tool.
    var sessions: [String: any ToolSessions] {
        var sessions: [String: any ToolSessions] = [:]
        for service in workerServices { sessions[service.workers.tool] = service.sessions }
        if let browser { sessions[browser.namespace.name] = browser.namespace.sessions }
        return sessions
    }

    /// What runs commands in sessions.
    var commands: (any SessionCommands)? { container?.machines }

    /// What copies the files of sessions.
    var snapshots: (any SessionSnapshots)? { container?.machines }

    /// The files of sessions.
    var files: (any SessionFiles)? {
        JoinedFiles([python?.sandbox.files, container?.machines.files].compactMap(\.self))
    }

    /// What `/readyz` says.
    var readiness: Readiness {
        get async { await Readiness(of: workerServices, queued: python?.sandbox.queuedCount ?? 0) }
    }
}
