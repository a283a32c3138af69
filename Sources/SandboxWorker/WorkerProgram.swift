internal import Glibc
internal import LinuxIsolation
internal import LinuxSystem

/// The start and the words of every worker.
///
/// On standard output a worker prints, a line each, `layer on|off NAME: DETAIL` and `note TEXT`, then `ready`; from then
/// on the daemon opens sessions by connecting to its socket. Later it prints `unable REASON` when it cannot make a session,
/// `able` once it can again, and `leaked COUNT` of sessions that do not end. It ends, with all sessions, when its standard
/// input does. Standard error is for people.
package enum WorkerProgram {
    /// The program's name, as it was started.
    package static let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "worker"

    /// The word with which the container worker's program is `apply_patch`, before the words of that.
    package static let applyPatchWord = "--apply-patch"

    /// Runs a worker: reads its options, continues from a sealed copy of the program in memory, and calls `serve`.
    ///
    /// A command line that makes no sense ends with status 64, another failure with 1.
    package static func main(_ serve: (WorkerOptions) throws -> Void) {
        do {
            let options = try WorkerOptions(Array(CommandLine.arguments.dropFirst()))
            // Where the kernel forbids programs in memory, this one goes on: `layers` reports it.
            try? ThisProcess.runFromMemory(named: name)
            ThisProcess.setName(String(name.prefix(15)))
            try serve(options)
        } catch let error as OptionsError {
            fail(error.description, status: 64)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    /// Readies this process for its forks: replaces the environment, and settles signals, descriptors and core dumps.
    ///
    /// - Throws: `SystemError`, where a limit cannot be set.
    package static func prepare(environment: [(name: String, value: String)]) throws {
        ThisProcess.setEnvironment(environment)
        // The Swift runtime's crash reporter would catch the crashes of sandboxed code.
        for signal in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { ThisProcess.restore(signal) }
        ThisProcess.ignore(SIGPIPE)
        // The terminal's interrupt is for the daemon, which ends the worker when it is done.
        ThisProcess.ignore(SIGINT)
        try ResourceLimits.raiseDescriptors()
        // For supervisors too, which read what sandboxed code writes.
        try CoreDumps.refuse()
    }

    /// Prints a line for the daemon.
    package static func say(_ line: String) {
        print(line.split(separator: "\n").joined(separator: " "))
        fflush(nil)
    }

    /// Prints on standard error what a person should know.
    package static func report(_ text: String) {
        let line = Array("\(name): \(text)\n".utf8)
        let standardError = Descriptor(owning: STDERR_FILENO)
        try? standardError.writeAll(line)
        _ = standardError.release()
    }

    /// Reports why this process cannot go on, and ends it.
    package static func fail(_ reason: String, status: CInt = 1) -> Never {
        report(reason)
        ThisProcess.exit(status)
    }
}
