import ForkTuning
import Glibc
import LinuxIsolation
import LinuxSystem
import PythonRuntime
import SandboxWorker
import Seccomp

/// The worker of the `python` tool: it embeds Python once, and serves sessions by forking that.
@main
struct PythonWorker {
    static func main() { WorkerProgram.main(serve) }

    private static func serve(_ options: WorkerOptions) throws {
        try WorkerProgram.prepare(environment: environment + networkEnvironment(options.network))
        let listener = try UnixSocket.listen(at: options.socket)
        let dataRequests = try SharedData.listen(beside: options.socket)
        let filters = try SystemCallPolicy.filters(
            path: "\(options.sandbox)/syscalls.txt",
            network: options.network,
            users: .separate
        )
        let supervisorFilter = try SystemCallPolicy.supervisorFilter()
        let base = try SandboxBase(options: options, users: .separate, systemCalls: filters)
        defer { base.remove() }
        let requests = try UnixSocket.makeDescriptorSocketPair()
        let prepared = try Pipe()
        guard let zygote = try ProcessHandle.fork(into: CgroupHandle()) else {
            runZygote(options, base: base, requests: requests.intoSecond(), prepared: prepared.intoWriteEnd())
        }
        guard try prepared.intoReadEnd().read(upTo: 1)?.isEmpty == false else { throw ZygoteStartError() }
        ThisProcess.ignore(SIGCHLD)
        for layer in base.layers { WorkerProgram.say("layer \(layer)") }
        let forks = requests.intoFirst()
        let requestsNumber = forks.number
        let maker = SessionMaker(
            base: base,
            sharedData: SharedData(dataRequests, base: base),
            proxy: try options.egressSocket.map { path throws(SystemError) in try SessionProxy(daemonAt: path) },
            listener: listener,
            keeping: [requestsNumber]
        ) { seat in
            try supervise(&seat, requests: Descriptor(owning: requestsNumber), filter: supervisorFilter)
        }
        var pool = SessionPool(options: options, maker: maker, zygote: zygote)
        try pool.serve()
        _ = consume forks
    }

    /// What a session does: it requests an interpreter, which is forked while this process applies its own layers, and
    /// then runs cells on it for the daemon.
    private static func supervise(
        _ seat: inout SessionSeat,
        requests: consuming Descriptor,
        filter: SystemCallFilter
    ) throws {
        let base = seat.base
        let source = InterpreterSource(requests: requests, group: seat.memory)
        let first = try source.request(isUrgent: try seat.isWanted)
        try seat.apply(
            enterRoot: { () throws(SystemError) in try SessionRoot.enterReadOnly(base) },
            [.systemCalls([filter])]
        )
        let interpreter = try first.confined()
        let daemon = try seat.waitForDaemon()
        var loop = SupervisorLoop(
            daemon: daemon,
            files: seat.files,
            memory: seat.memory,
            work: Supervisor(
                daemon: daemon,
                interpreter: interpreter,
                source: source,
                memory: seat.memory,
                limits: base.limits
            )
        )
        try loop.serve()
    }

    /// In the new process: embeds Python, then forks interpreters on request. Prints notes of what is missing.
    private static func runZygote(
        _ options: WorkerOptions,
        base: SandboxBase,
        requests: consuming Descriptor,
        prepared: consuming Descriptor
    ) -> Never {
        do {
            try ThisProcess.dieWithParent()
            ThisProcess.setName("zygote")
            // They name directories of the machine, and a fork would show them to cells.
            ThisProcess.eraseArguments()
            let python = try PythonRuntime(bootstrap: "\(options.sandbox)/bootstrap")
            for note in try python.prepare(packages: packages(options.sandbox)) { WorkerProgram.say("note \(note)") }
            LibraryMappings.merge()
            python.fillHoles()
            ThisProcess.fillHeapHoles()
            python.beforeForks()
            ThisProcess.collapseMemory()
            var zygote = try Zygote(python: python, base: base, requests: requests)
            try prepared.writeAll([0])
            try zygote.serve()
        } catch {
            WorkerProgram.fail("\(error)")
        }
        ThisProcess.exit(0)
    }

    /// All that code in a session gets of an environment. Threads of numeric libraries would not survive a fork.
    private static let environment = [
        (name: "PATH", value: "/usr/local/bin:/usr/bin:/bin"), (name: "HOME", value: "/tmp"),
        (name: "LANG", value: "C.UTF-8"), (name: "LC_ALL", value: "C.UTF-8"), (name: "TERM", value: "dumb"),
        (name: "NO_COLOR", value: "1"),
        (name: "PAGER", value: "cat"), (name: "USER", value: "sandbox"), (name: "MPLBACKEND", value: "agg"),
        (name: "MPLCONFIGDIR", value: "/tmp/.matplotlib"), (name: "PYTHONDONTWRITEBYTECODE", value: "1"),
        (name: "OPENBLAS_NUM_THREADS", value: "1"), (name: "OMP_NUM_THREADS", value: "1"),
        (name: "MKL_NUM_THREADS", value: "1"), (name: "NUMEXPR_NUM_THREADS", value: "1"),
        // The system's packages are read-only; what a session installs is its own, and importable.
        (name: "PIP_TARGET", value: "/tmp/.packages"), (name: "PIP_NO_CACHE_DIR", value: "1"),
        (name: "PIP_BREAK_SYSTEM_PACKAGES", value: "1"), (name: "PIP_DISABLE_PIP_VERSION_CHECK", value: "1"),
        (name: "PYTHONPATH", value: "/tmp/.packages"),
        // A plotly figure is a page with scripts: this renderer saves it as a file and prints its name.
        (name: "PLOTLY_RENDERER", value: "iframe"),
        // Python programs that cells start convert long integers as the session's Python does.
        (name: "PYTHONINTMAXSTRDIGITS", value: "0"),
    ]

    /// How pip and other programs behave where sessions reach an index through the proxy, or reach none.
    private static func networkEnvironment(_ network: NetworkPolicy) -> [(name: String, value: String)] {
        switch network {
        // What the proxy refuses once it refuses always.
        case .egress: [(name: "PIP_RETRIES", value: "1")] + SessionProxy.environment
        // pip fails at once, and not after many tries.
        case .none, .loopback: [(name: "PIP_NO_INDEX", value: "1")]
        }
    }

    /// The modules to import before the first fork: see the head of `packages.txt`.
    private static func packages(_ sandbox: String) throws -> [String] {
        try Files.readText("\(sandbox)/packages.txt").split(separator: "\n").compactMap { line in
            line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).first.map(String.init)
        }
    }
}

/// The zygote ended while it embedded Python; it has reported why on standard error.
struct ZygoteStartError: Error, CustomStringConvertible {
    let description = "Python cannot be embedded here; the reason is above"
}
