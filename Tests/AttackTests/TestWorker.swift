import Foundation
import Glibc
import LinuxSystem
import Testing

/// A worker started as the daemon starts it, with small limits, and what can be seen of it from outside.
final class TestWorker: Sendable {
    /// The worker of the suite that runs.
    @TaskLocal static var current: TestWorker?

    static let poolSize = 4
    private static let options = [
        "--pool": "\(poolSize)", "--sessions": "64", "--memory-bytes": "\(512 << 20)",
        "--data-bytes": "\(64 << 20)", "--temporary-bytes": "\(64 << 20)", "--processes": "128",
        "--output-bytes": "\(4 << 20)", "--grace-milliseconds": "300",
    ]

    /// How a worker is started, beside what holds for all.
    struct Way: Sendable {
        var options: [String: String] = [:]
        /// A command that becomes the worker, whose words follow.
        var launcher: [String] = []
        /// Who has the directory that the worker works in.
        var user: uid_t?
        /// Which worker it is.
        var program = "harmonium-python"

        static let usual = Way()
        static let container = Way(program: "harmonium-container")
        static let loopback = Way(options: ["--network": "loopback"])
        /// As somebody without any right, which takes root to become.
        static let ordinaryUser = Way(launcher: becomingStranger, user: stranger)
        static let ordinaryContainer = Way(launcher: becomingStranger, user: stranger, program: "harmonium-container")
        private static let becomingStranger = [
            "setpriv", "--reuid=\(stranger)", "--regid=\(stranger)", "--clear-groups", "--",
        ]
        private static let stranger: uid_t = 54_321
    }

    static var isRoot: Bool { geteuid() == 0 }

    let pid: Int32
    let socket: String
    private let directory: URL
    private let process: Process
    /// The worker lives for as long as this end is open.
    private let input: FileHandle

    /// Starts a worker, and returns once sessions can be opened.
    init(_ way: Way) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "harmonium-attack-\(UUID().uuidString)")
        let root = directory.appending(path: "root")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        if let user = way.user {
            let owner: [FileAttributeKey: Any] = [.ownerAccountID: user, .groupOwnerAccountID: user]
            for place in [directory, root] { try FileManager.default.setAttributes(owner, ofItemAtPath: place.path) }
        }
        socket = directory.appending(path: "socket").path(percentEncoded: false)
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            way.launcher
            + [TestWorker.executable(way.program).path, "--socket", socket]
            + ["--sandbox", Places.sandbox.path, "--root", root.path]
            + TestWorker.options.merging(way.options) { $1 }.flatMap { [$0.key, $0.value] }
        // The daemon gives none. What there is all the same must not stay in the memory that sessions are forked from.
        process.environment = ["XDG_SECRET": "found", "AWS_SECRET": "found"]
        process.currentDirectoryURL = directory
        let (input, output) = (Foundation.Pipe(), Foundation.Pipe())
        process.standardInput = input
        process.standardOutput = output
        self.input = input.fileHandleForWriting
        try process.run()
        pid = process.processIdentifier
        var said = ""
        while !said.split(separator: "\n").contains("ready") {
            let bytes = output.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw WorkerStartError(description: "the worker ended; it said: \(said)") }
            said += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Opens a session, lends it to `body`, and ends it.
    func session<Result>(_ body: (inout SessionClient) async throws -> Result) async throws -> Result {
        try await SessionConnection.open(at: socket) { connection in
            var client = SessionClient(connection)
            return try await body(&client)
        }
    }

    /// Opens a session of a container worker, lends it to `body`, and ends it.
    func container<Result>(_ body: (inout ContainerClient) async throws -> Result) async throws -> Result {
        try await SessionConnection.open(at: socket) { try await ContainerClient.over($0, body) }
    }

    /// Whether it is still there.
    var isRunning: Bool { process.isRunning }

    /// Ends it as the daemon does, and gives its status.
    func end() throws -> Int32 {
        try input.close()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func removeDirectory() { try? FileManager.default.removeItem(at: directory) }

    /// Files that a process has left in the directory it was started in.
    var leftFiles: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { !["root", "socket", "socket.data"].contains($0) }
    }

    /// A program that was built with this test.
    private static func executable(_ name: String) -> URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: name)
    }
}

/// Where things are.
enum Places {
    static var package: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
    static var sandbox: URL { package.appending(path: "sandbox") }
    static var hostile: URL { sandbox.appending(path: "hostile") }
    /// What is shared between projects, and not part of this one.
    static var shared: URL {
        ProcessInfo.processInfo.environment["HARMONIUM_SHARED"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared")
    }
}

/// Gives a suite a worker of its own, and sees to it that nothing of it is left.
struct WorkerScope: SuiteTrait, TestScoping {
    let way: TestWorker.Way

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let host = Host()
        let worker = try TestWorker(way)
        defer { worker.removeDirectory() }
        try await TestWorker.$current.withValue(worker) { try await function() }
        #expect(worker.isRunning, "the worker has died")
        let descendants = Host.descendants(of: worker.pid)
        #expect(try worker.end() == 0)
        #expect(eventually { Host.areGone(descendants) }, "processes outlive their worker: \(descendants)")
        #expect(Host.groups(of: worker.pid).isEmpty, "control groups outlive their worker")
        #expect(worker.leftFiles.isEmpty, "the worker's directory holds files")
        #expect(host.changes() == [])
    }
}

extension Trait where Self == WorkerScope {
    /// A worker of its own for the suite.
    static var worker: Self { worker(.usual) }

    /// One that is started in another way.
    static func worker(_ way: TestWorker.Way) -> Self { WorkerScope(way: way) }
}

/// Whether `condition` becomes true within `limit`; for what the kernel does in its own time and reports nowhere.
func eventually(within limit: Duration = .seconds(10), _ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + limit
    while !condition() {
        guard ContinuousClock.now < end else { return false }
        var nothing: [PollEntry] = []
        try? LinuxSystem.poll(&nothing, timeoutMicroseconds: 5000)
    }
    return true
}

/// A worker that did not get ready.
struct WorkerStartError: Error, CustomStringConvertible {
    let description: String
}
