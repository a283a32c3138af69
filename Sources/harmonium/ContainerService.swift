internal import ContainerImages
internal import ContainerMachines
internal import ContainerTool
internal import SandboxClient
internal import Sessions

/// All that serves the container tool: its workers, the machines on them, and the namespace that offers them.
struct ContainerService: WorkerService {
    let workers: ToolWorkers
    let machines: ContainerMachines
    let namespace: ContainerNamespace
    let images: ImageStore

    var sessions: any ToolSessions { machines.sessions }

    /// Nil if the tool is not served. Without `downloads`, sessions are offered none. Sockets of the workers are in `directory`.
    init?(
        settings: Settings,
        installation: Installation,
        sharing: DataSharing = DataSharing(),
        downloads: (any Downloads)? = nil,
        directory: RuntimeDirectory
    ) throws {
        let container = settings.container
        guard let launch = WorkerLaunch.container(container, installation) else { return nil }
        let store = ImageStore(reading: container.images.isEmpty ? ImagePlace.usual : container.images)
        let workers = try ToolWorkers(launch, in: directory, images: store)
        if !container.image.isEmpty { _ = try store.image(container.image) }
        self.workers = workers
        images = store
        machines = ContainerMachines(
            limits: container.sandboxes.limits(callsMax: container.callsMax),
            grace: container.sandboxes.grace,
            resting: MachineResting(freeze: container.freeze, end: container.stop),
            snapshotDirectory: try directory.makeDirectory("snapshots"),
            snapshotLimits: SnapshotLimits(countMax: container.snapshotsMax, bytesMax: container.snapshotsMiB << 20),
            usualNetwork: container.sandboxes.network,
            usualImage: container.image,
            sharing: sharing,
            network: { token, session in await workers.serveNetwork(token, of: session) },
            findWorker: { network, image in try await workers.socketPath(network, image: image) }
        )
        namespace = ContainerNamespace(
            machines: machines,
            settings: ContainerSettings(timeLimit: container.timeLimit, timeLimitMax: container.timeLimitMax),
            downloads: downloads
        )
    }
}
