internal import ContainerImages
internal import Foundation

/// The program that makes the sessions of a tool, and how it is started.
struct WorkerLaunch: Sendable {
    /// Where it is.
    let executable: String
    /// What concerns its sessions.
    let sandboxes: Settings.Sandboxes
    /// What it is given beside the socket, the network and the root of its sessions.
    private(set) var arguments: [String]
    /// What its sockets are called, unlike those of other workers of the tool.
    private(set) var name: String

    /// The worker of python.
    static func python(_ settings: Settings.Python, _ installation: Installation) -> WorkerLaunch {
        WorkerLaunch(
            executable: installation.workerExecutable,
            settings.sandboxes,
            installation,
            own: [
                "--temporary-bytes", "\(settings.temporaryMiB << 20)",
                "--background-seconds", "\(settings.background.components.seconds)",
            ]
        )
    }

    /// The worker of container; nil if that is not served.
    static func container(_ settings: Settings.Container, _ installation: Installation) -> WorkerLaunch? {
        installation.containerExecutable.map { executable in
            WorkerLaunch(
                executable: executable,
                settings.sandboxes,
                installation,
                own: ["--disk-bytes", "\(settings.diskMiB << 20)"]
            )
        }
    }

    /// The same for sessions that begin with `image`; `number` tells its workers from others.
    func on(_ image: Image, number: Int) -> WorkerLaunch {
        var launch = self
        launch.name += "-image\(number)"
        let configuration = image.configuration
        let variables = configuration.environment.filter { !$0.contains("\n") && !$0.contains("\0") }
        launch.arguments += ["--image", image.path, "--environment", variables.joined(separator: "\n")]
        let usual = [("--working-directory", configuration.directory), ("--user", configuration.user)]
        for case (let option, let value?) in usual where !value.contains("\0") { launch.arguments += [option, value] }
        return launch
    }

    private init(
        executable: String,
        _ sandboxes: Settings.Sandboxes,
        _ installation: Installation,
        own: [String]
    ) {
        self.executable = executable
        self.sandboxes = sandboxes
        name = sandboxes.tool
        let shareBytes = ProcessInfo.processInfo.physicalMemory / 4 * 3 / UInt64(sandboxes.memoryShares)
        let totalBytes = sandboxes.totalMemoryMiB == 0 ? shareBytes : UInt64(sandboxes.totalMemoryMiB) << 20
        arguments =
            [
                "--shared-network", sandboxes.sharedNetwork, "--sandbox", installation.sandboxDirectory,
                "--pool", "\(sandboxes.poolSize)", "--sessions", "\(sandboxes.sessionsMax)",
                "--memory-bytes", "\(sandboxes.memoryMiB << 20)", "--total-memory-bytes", "\(totalBytes)",
                "--data-bytes", "\(sandboxes.dataMiB << 20)", "--processes", "\(sandboxes.processesMax)",
                "--output-bytes", "\(sandboxes.outputMiBMax << 20)",
                "--grace-milliseconds", "\(sandboxes.grace.components.seconds * 1000)",
            ] + own
    }
}
