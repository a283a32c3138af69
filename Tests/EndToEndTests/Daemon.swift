import AsyncHTTPClient
import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// A running `harmonium serve` on a port and with a runtime directory of its own.
struct Daemon: Sendable {
    /// The one that a suite's tests share, see ``DaemonTrait``.
    @TaskLocal static var shared: Daemon?

    let pid: Int32
    let port: Int
    let runtimeDirectory: TemporaryDirectory
    let log: Log
    let http: HTTPClient

    var base: String { "http://localhost:\(port)" }

    /// Lends a daemon to `body`, then asks it to stop, and expects that it ends well and leaves nothing.
    ///
    /// - Parameters:
    ///   - lentHome: Its runtime directory, which stays; by default one that goes with it.
    ///   - lentState: Where it keeps what outlives it; by default a directory that goes with it.
    ///   - launcher: A command that becomes the daemon, whose words follow.
    ///   - limit: How long `body` may take.
    ///   - exitCode: What the daemon is expected to end with; minus a signal's number if that ends it.
    static func run<Value: Sendable>(
        _ arguments: [String] = [],
        in lentHome: TemporaryDirectory? = nil,
        state lentState: TemporaryDirectory? = nil,
        through launcher: [String] = [],
        limit: Duration = .seconds(110),
        exitCode: Int32 = 0,
        _ body: @escaping @Sendable (Daemon) async throws -> Value
    ) async throws -> Value {
        let home = try lentHome ?? TemporaryDirectory()
        defer { if lentHome == nil { home.remove() } }
        let state = try lentState ?? TemporaryDirectory()
        defer { if lentState == nil { state.remove() } }
        let log = Log()
        do {
            let (status, value) = try await within(limit) {
                try await serve(launcher, arguments, home: home, state: state, log: log, body: body)
            }
            #expect(status.code == exitCode, "\(log.text)")
            let isEmpty = await eventually { ProcessEntry.all(naming: home.path).isEmpty }
            #expect(isEmpty, "left: \(ProcessEntry.all(naming: home.path))")
            if exitCode == 0 { #expect(home.contents.isEmpty) }
            return value
        } catch {
            Issue.record(Comment(rawValue: "the daemon's log:\n\(log.text)"))
            throw error
        }
    }

    private static func serve<Value: Sendable>(
        _ launcher: [String],
        _ arguments: [String],
        home: TemporaryDirectory,
        state: TemporaryDirectory,
        log: Log,
        body: @escaping @Sendable (Daemon) async throws -> Value
    ) async throws -> (TerminationStatus, Value) {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            // No test but the browser's own waits for the documents of this machine.
            arguments: Arguments(
                launcher + [Program.harmonium.string, "serve", "--port", "0", "--set", "browser.documents="] + arguments
            ),
            environment: .inherit.updating(["XDG_RUNTIME_DIR": home.path, "STATE_DIRECTORY": "\(state.path)/harmonium"]
            ),
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            async let logging: Void = log.fill(from: execution.standardError.strings())
            var value: Result<Value, any Error>?
            let pid = execution.processIdentifier.value
            for try await line in execution.standardOutput.strings() where value == nil {
                guard let port = port(in: line) else { continue }
                value = await lend(pid, port: port, home: home, log: log, to: body)
                _ = kill(pid, SIGTERM)
            }
            try await logging
            return value
        }
        guard let value = result.closureResult else { throw NeverReady(status: result.terminationStatus.code) }
        return (result.terminationStatus, try value.get())
    }

    private static func lend<Value: Sendable>(
        _ pid: Int32,
        port: Int,
        home: TemporaryDirectory,
        log: Log,
        to body: @Sendable (Daemon) async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            return .success(
                try await HTTPClient.withHTTPClient(configuration: clientConfiguration) { http in
                    try await body(Daemon(pid: pid, port: port, runtimeDirectory: home, log: log, http: http))
                }
            )
        } catch {
            return .failure(error)
        }
    }

    /// As many connections as asked for, and no patience with a daemon that is gone.
    static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1000
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// The port in a line that says where a tool is.
    private static func port(in line: String) -> Int? {
        (try? #/http://localhost:([0-9]+)/[a-z]+/sse/#.firstMatch(in: line)).flatMap { Int($0.1) }
    }
}

/// What a daemon wrote to standard error, up to a limit.
final class Log: Sendable {
    private static let bytesMax = 1 << 20
    private let written = Mutex("")

    var text: String { written.withLock { $0 } }
    var lines: [Substring] { text.split(separator: "\n") }

    func fill(from lines: some AsyncSequence<String, any Error>) async throws {
        for try await line in lines {
            written.withLock { if $0.utf8.count < Self.bytesMax { $0 += line + "\n" } }
        }
    }
}

/// A daemon that ended before it said where it is.
struct NeverReady: Error {
    let status: Int32
}

/// Gives the tests of a suite one daemon, ``Daemon/shared``.
struct DaemonTrait: SuiteTrait, TestScoping {
    let arguments: [String]
    /// Whose it is, if not the user's who runs the tests; that takes root.
    var user: uid_t?
    var limit = Duration.seconds(110)

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withoutActuallyEscaping(function) { function in
            let home = try TemporaryDirectory(of: user)
            let state = try TemporaryDirectory(of: user)
            defer { for directory in [home, state] { directory.remove() } }
            let launcher = user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups", "--"] }
            try await Daemon.run(arguments, in: home, state: state, through: launcher ?? [], limit: limit) { daemon in
                let process = try HeldProcess(daemon.pid)
                try await Daemon.$shared.withValue(daemon) { try await function() }
                let hasEnded = try await process.ends(within: .zero)
                #expect(!hasEnded, "the daemon ended before its suite:\n\(daemon.log.text)")
            }
        }
    }
}

extension Trait where Self == DaemonTrait {
    /// One daemon for all tests of a suite, started with these arguments.
    static func daemon(_ arguments: String..., asUser user: uid_t? = nil, limit: Duration = .seconds(110))
        -> DaemonTrait
    {
        DaemonTrait(arguments: arguments, user: user, limit: limit)
    }
}
