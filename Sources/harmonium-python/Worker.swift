import Glibc
import LinuxSystem
import PythonRuntime

/// The worker: a process that embeds Python once and serves sessions by forking itself.
///
/// It says on standard output, a line each, `layer on|off NAME: DETAIL` and `note TEXT`, then `ready`; from then on
/// sessions can be opened by connecting to its socket. It ends, with all sessions, when its standard input does.
@main
struct Worker {
    static func main() {
        do {
            try serve(Options(Array(CommandLine.arguments.dropFirst())))
        } catch let error as OptionsError {
            fail(error.description, status: 64)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func serve(_ options: Options) throws {
        ThisProcess.setEnvironment(environment)
        ThisProcess.setName("zygote")
        // The Swift runtime's crash reporter would catch the crashes of the code in cells.
        for signal in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { ThisProcess.restore(signal) }
        ThisProcess.ignore(SIGPIPE)
        // The terminal's interrupt is for the daemon, which ends us when it is done.
        ThisProcess.ignore(SIGINT)
        ThisProcess.ignore(SIGCHLD)
        let listener = try UnixSocket.listen(at: options.socket)
        let base = try SandboxBase(options: options)
        defer { base.remove() }
        let python = try PythonRuntime(bootstrap: "\(options.sandbox)/bootstrap")
        for note in try python.prepare(packages: packages(options.sandbox)) { say("note \(note)") }
        for layer in base.layers { say("layer \(layer)") }
        var zygote = Zygote(options: options, base: base, listener: listener, python: python)
        try zygote.serve(whenReady: { say("ready") })
    }

    /// All that code inside ever sees of an environment. Threads of numeric libraries would not survive a fork.
    private static let environment = [
        (name: "PATH", value: "/usr/local/bin:/usr/bin:/bin"), (name: "HOME", value: "/tmp"),
        (name: "LANG", value: "C.UTF-8"), (name: "TERM", value: "dumb"), (name: "NO_COLOR", value: "1"),
        (name: "PAGER", value: "cat"), (name: "USER", value: "sandbox"), (name: "MPLBACKEND", value: "agg"),
        (name: "MPLCONFIGDIR", value: "/tmp/.matplotlib"), (name: "PYTHONDONTWRITEBYTECODE", value: "1"),
        (name: "OPENBLAS_NUM_THREADS", value: "1"), (name: "OMP_NUM_THREADS", value: "1"),
        (name: "MKL_NUM_THREADS", value: "1"), (name: "NUMEXPR_NUM_THREADS", value: "1"),
    ]

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
