import Glibc
import LinuxSystem
import PythonRuntime

/// The worker: a process that embeds Python once and serves sessions by forking itself.
///
/// It says on standard output, a line each, `layer on|off NAME: DETAIL` and `note TEXT`, then `ready`; from then on
/// sessions can be opened by connecting to its socket. Later it says `unable REASON` when a session cannot be made, `able`
/// once one can be again, and `leaked COUNT` of sessions that do not end. It ends, with all sessions, when its standard
/// input does.
@main
struct Worker {
    static func main() {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            // Where the kernel forbids programs in memory, this one goes on: the layers tell.
            try? ThisProcess.runFromMemory()
            ThisProcess.setName("harmonium-pytho")
            try serve(options)
        } catch let error as OptionsError {
            fail(error.description, status: 64)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func serve(_ options: Options) throws {
        ThisProcess.setEnvironment(environment + (options.network == .egress ? proxyEnvironment : offlineEnvironment))
        // The Swift runtime's crash reporter would catch the crashes of the code in cells.
        for signal in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { ThisProcess.restore(signal) }
        ThisProcess.ignore(SIGPIPE)
        // The terminal's interrupt is for the daemon, which ends us when it is done.
        ThisProcess.ignore(SIGINT)
        try ResourceLimits.raiseDescriptors()
        // For supervisors too, which read what cells write.
        try CoreDumps.refuse()
        let listener = try UnixSocket.listen(at: options.socket)
        let base = try SandboxBase(options: options)
        defer { base.remove() }
        let orders = try UnixSocket.makeMailbox()
        let prepared = try Pipe()
        guard let zygote = try ProcessHandle.fork(through: ControlGroupDoor()) else {
            runZygote(options, base: base, orders: orders.intoSecond(), prepared: prepared.intoWriteEnd())
        }
        guard try prepared.intoReadEnd().read(upTo: 1)?.isEmpty == false else { throw ZygoteStartError() }
        ThisProcess.ignore(SIGCHLD)
        for layer in base.layers { say("layer \(layer)") }
        let maker = SessionMaker(
            options: options,
            egress: try options.egressMailbox.map { path throws(SystemError) in try Egress(mailbox: path) },
            base: base,
            listener: listener,
            orders: orders.intoFirst()
        )
        var pool = SessionPool(options: options, maker: maker, zygote: zygote, say: say)
        try pool.serve()
    }

    /// In the new process: embeds Python, then takes orders. It says on standard output what is missing.
    private static func runZygote(
        _ options: Options,
        base: SandboxBase,
        orders: consuming Descriptor,
        prepared: consuming Descriptor
    ) -> Never {
        do {
            try ThisProcess.dieWithParent()
            ThisProcess.setName("zygote")
            // They name directories of the machine, and a fork shows them to cells.
            ThisProcess.eraseArguments()
            let python = try PythonRuntime(bootstrap: "\(options.sandbox)/bootstrap")
            for note in try python.prepare(packages: packages(options.sandbox)) { say("note \(note)") }
            LibraryMappings.merge()
            python.fillHoles()
            ThisProcess.fillHeapHoles()
            python.beforeForks()
            ThisProcess.collapseMemory()
            var zygote = try Zygote(python: python, base: base, limits: options.limits, orders: orders)
            try prepared.writeAll([0])
            try zygote.serve()
        } catch {
            fail("\(error)", status: 1)
        }
        ThisProcess.exit(0)
    }

    /// All that code inside ever sees of an environment. Threads of numeric libraries would not survive a fork.
    private static let environment = [
        (name: "PATH", value: "/usr/local/bin:/usr/bin:/bin"), (name: "HOME", value: "/tmp"),
        (name: "LANG", value: "C.UTF-8"), (name: "LC_ALL", value: "C.UTF-8"), (name: "TERM", value: "dumb"),
        (name: "NO_COLOR", value: "1"),
        (name: "PAGER", value: "cat"), (name: "USER", value: "sandbox"), (name: "MPLBACKEND", value: "agg"),
        (name: "MPLCONFIGDIR", value: "/tmp/.matplotlib"), (name: "PYTHONDONTWRITEBYTECODE", value: "1"),
        (name: "OPENBLAS_NUM_THREADS", value: "1"), (name: "OMP_NUM_THREADS", value: "1"),
        (name: "MKL_NUM_THREADS", value: "1"), (name: "NUMEXPR_NUM_THREADS", value: "1"),
        // The system's packages cannot be written; what a session installs is its own, and importable.
        (name: "PIP_TARGET", value: "/tmp/.packages"), (name: "PIP_NO_CACHE_DIR", value: "1"),
        (name: "PIP_BREAK_SYSTEM_PACKAGES", value: "1"), (name: "PIP_DISABLE_PIP_VERSION_CHECK", value: "1"),
        (name: "PYTHONPATH", value: "/tmp/.packages"),
        // A figure of plotly's is a page with scripts: saved as a file, and named, it can be had.
        (name: "PLOTLY_RENDERER", value: "iframe"),
        // What Python does with digits in a session, it does in what cells start.
        (name: "PYTHONINTMAXSTRDIGITS", value: "0"),
    ]

    /// Where no index can be reached, pip says so at once, and not after many tries.
    private static let offlineEnvironment = [(name: "PIP_NO_INDEX", value: "1")]

    /// How programs find the proxy; lower case for those that take nothing else. What it refuses once it refuses always.
    private static let proxyEnvironment: [(name: String, value: String)] =
        [(name: "PIP_RETRIES", value: "1")]
        + ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"].map {
            (name: $0, value: "http://127.0.0.1:\(Egress.port)")
        } + ["NO_PROXY", "no_proxy"].map { (name: $0, value: "localhost,127.0.0.1,::1") }

    /// The modules to import before the first fork: see the head of `packages.txt`.
    private static func packages(_ sandbox: String) throws -> [String] {
        try Files.readText("\(sandbox)/packages.txt").split(separator: "\n").compactMap { line in
            line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).first.map(String.init)
        }
    }

    private static func say(_ line: String) {
        print(line.split(separator: "\n").joined(separator: " "))
        fflush(nil)
    }

    private static func fail(_ reason: String, status: CInt) -> Never {
        report(reason)
        ThisProcess.exit(status)
    }
}

/// Says on standard error what a person should know.
func report(_ text: String) {
    let line = Array("harmonium-python: \(text)\n".utf8)
    let standardError = Descriptor(owning: STDERR_FILENO)
    try? standardError.writeAll(line)
    _ = standardError.release()
}

/// The zygote ended while it embedded Python; it has said why on standard error.
struct ZygoteStartError: Error, CustomStringConvertible {
    let description = "Python cannot be embedded here; the reason is above"
}
