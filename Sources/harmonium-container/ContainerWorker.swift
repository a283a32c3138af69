import Glibc
import LinuxIsolation
import LinuxSystem
import Patch
import SandboxWorker
import Seccomp

/// The worker of the `container` tool: each session is a small machine, whose supervisor runs commands in it.
@main
struct ContainerWorker {
    static func main() {
        // In a session this program is `apply_patch`: see MachinePrograms.
        if let word = CommandLine.arguments.firstIndex(of: WorkerProgram.applyPatchWord) {
            ThisProcess.exit(ApplyPatch.run(["apply_patch"] + CommandLine.arguments[(word + 1)...]))
        }
        WorkerProgram.main(serve)
    }

    private static func serve(_ options: WorkerOptions) throws {
        try WorkerProgram.prepare(environment: [])
        let listener = try UnixSocket.listen(at: options.socket)
        let dataRequests = try SharedData.listen(beside: options.socket)
        let filters = try SystemCallPolicy.filters(
            path: "\(options.sandbox)/syscalls.txt",
            network: options.network,
            users: .root
        )
        let base = try SandboxBase(options: options, users: .root, systemCalls: filters)
        defer { base.remove() }
        ThisProcess.ignore(SIGCHLD)
        for layer in base.layers { WorkerProgram.say("layer \(layer)") }
        let usual = usual(options)
        let maker = SessionMaker(
            base: base,
            sharedData: SharedData(dataRequests, base: base),
            proxy: try options.egressSocket.map { path throws(SystemError) in try SessionProxy(daemonAt: path) },
            listener: listener,
            keeping: [],
            session: { seat in try supervise(&seat, usual: usual) }
        )
        var pool = SessionPool(options: options, maker: maker, zygote: nil)
        try pool.serve()
    }

    /// What commands have that do not say otherwise.
    private static func usual(_ options: WorkerOptions) -> CommandDefaults {
        // An image's own proxy is out of reach.
        let proxies = options.network == .egress ? SessionProxy.environment : []
        let given = options.environment.compactMap { variable in
            variable.firstIndex(of: "=").map {
                (name: String(variable[..<$0]), value: String(variable[$0...].dropFirst()))
            }
        }.filter { variable in !proxies.contains { $0.name == variable.name } }
        let own = environment.filter { variable in !given.contains { $0.name == variable.name } }
        return CommandDefaults(
            environment: own + given + proxies,
            directory: Array(options.workingDirectory.utf8),
            user: Array(options.user.utf8)
        )
    }

    /// What a session does: it confines itself and, by inheritance, all commands to come, then runs them for the daemon.
    private static func supervise(
        _ seat: inout SessionSeat,
        usual: CommandDefaults
    ) throws {
        let base = seat.base
        let trees = MachineTrees()
        let mounts = seat.mounts
        try seat.apply(
            enterRoot: { () throws(SystemError) in
                try SessionRoot.enterWritable(base, mounts: mounts, trees: trees, terminalsMax: terminalsMax)
            },
            Layer.machine(base)
        )
        let daemon = try seat.waitForDaemon()
        var loop = SupervisorLoop(
            daemon: daemon,
            files: seat.files,
            memory: seat.memory,
            work: Supervisor(
                daemon: daemon,
                pool: seat.pool,
                memory: seat.memory,
                limits: base.limits,
                usual: usual,
                trees: trees,
                data: try MachineTree.data
            )
        )
        try loop.serve()
    }

    /// The most pseudo-terminals of a session.
    private static let terminalsMax = 64

    /// What a command's environment has, unless it says otherwise.
    private static let environment = [
        (name: "PATH", value: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        (name: "HOME", value: "/root"), (name: "USER", value: "root"), (name: "LOGNAME", value: "root"),
        (name: "LANG", value: "C.UTF-8"), (name: "LC_ALL", value: "C.UTF-8"), (name: "SHELL", value: "/bin/bash"),
    ]
}

extension Layer {
    private static let reservedProcesses: UInt64 = 64

    /// What confines a session's supervisor besides and, because it starts them, all its commands.
    static func machine(_ base: SandboxBase) -> [Layer] {
        [
            Layer("resources") { () throws(SystemError) in
                try ResourceLimits(
                    dataBytes: base.limits.memoryBytes,
                    // So that a command can still be started to kill those that fill the table.
                    processes: base.limits.processesMax + reservedProcesses,
                    fileBytes: max(base.limits.dataBytes, base.limits.diskBytes),
                    descriptors: 4096
                ).apply()
            },
            Layer("view of control groups") { () throws(SystemError) in try ThisProcess.unshare(.cgroup) },
            Layer("Landlock") { () throws(SystemError) in _ = try ThisProcess.scopeByLandlock() },
            .systemCalls(base.systemCalls),
        ]
    }
}
