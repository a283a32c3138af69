public import MCP

/// The namespace `container` as models were trained on it: `feed_chars` and `exec`.
public struct ContainerNamespace: ToolNamespace {
    private let machines: any MachineSource
    private let settings: ContainerSettings
    private let downloads: (any Downloads)?

    /// A namespace whose sessions have the machines of `machines`; without `downloads`, `download` is not offered.
    public init(
        machines: any MachineSource,
        settings: ContainerSettings = ContainerSettings(),
        downloads: (any Downloads)? = nil
    ) {
        self.machines = machines
        self.settings = settings
        self.downloads = downloads
    }

    /// The name that serving layers look for.
    public var name: String { "container" }

    /// The text that models were trained with. Source: the namespace in published system prompts of OpenAI's models.
    public var instructions: String {
        """
        Utilities for interacting with a container, for example, a Docker container.
        (container_tool, 1.2.0)
        (lean_terminal, 1.0.0)
        (caas, 2.3.0)
        """
    }

    /// The tools, in the order in which models know them.
    public var tools: [any Tool] {
        let known: [any Tool] = [
            FeedTool(machines: machines, settings: settings), ExecTool(machines: machines, settings: settings),
            OpenImageTool(machines: machines),
        ]
        return known + (downloads.map { [DownloadTool(machines: machines, downloads: $0)] } ?? [])
    }

    /// Ends the session's machine and what runs on it.
    public func cleanUp(_ session: SessionKey) async { await machines.end(session) }
}
