internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import Subprocess
internal import SystemPackage

/// Keeps a worker running: starts it, reads its reports, and starts it again when it ends.
actor WorkerProcess: Service {
    private enum State {
        case starting
        case ready(socket: String)
        case stopped(reason: String)
    }

    /// How long a worker may take until it is ready.
    private static let startMax = Duration.seconds(120)
    /// How long one may take to end its sessions.
    private static let endMax = Duration.seconds(10)

    private let launch: WorkerLaunch
    /// What its sessions reach: `none`, `loopback` or `egress`.
    let network: String
    private let directory: RuntimeDirectory
    private let egressSocket: String?
    private var state = State.starting
    private var starts = 0
    private var failuresInARow = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var lastWords = ""

    /// What confines sessions, as the worker says: `on|off NAME: DETAIL`.
    private(set) var layers: [String] = []
    /// What else the worker has to say, such as packages that are missing.
    private(set) var notes: [String] = []

    /// A worker whose sessions reach `network`; `egressSocket` is where they hand out their way there, nil where they
    /// have none.
    init(
        _ launch: WorkerLaunch,
        network: String,
        directory: RuntimeDirectory,
        egressSocket: String?
    ) {
        self.egressSocket = egressSocket
        self.launch = launch
        self.network = network
        self.directory = directory
    }

    /// Why no session can be made now, as the worker says; nil while one can.
    private(set) var inability: String?
    /// Sessions that do not end, and keep their places.
    private(set) var leaked = 0

    /// Whether it has begun to serve.
    var isReady: Bool { if case .ready = state { true } else { false } }

    /// The socket of the worker, which is waited for while it starts.
    func socketPath() async throws -> String {
        while case .starting = state {
            await withCheckedContinuation { waiting.append($0) }
            try Task.checkCancellation()
        }
        switch state {
        case .ready(let socket): return socket
        case .stopped(let reason): throw WorkerError(description: reason)
        case .starting: throw WorkerError(description: "the worker is starting")
        }
    }

    /// Runs workers until shut down; throws if the first one cannot start.
    func run() async throws {
        defer { change(to: .stopped(reason: "shut down")) }
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            let wasReady = try await runOnce()
            if Task.isShuttingDownGracefully || Task.isCancelled { return }
            guard wasReady || starts > 1 else {
                throw WorkerError(description: lastWords.isEmpty ? "the worker ended without a word" : lastWords)
            }
            failuresInARow = wasReady ? 1 : failuresInARow + 1
            // Callers that waited for this start learn that it failed; after a worker that served, the next is soon there.
            if !wasReady { change(to: .stopped(reason: "a worker could not be started, another try follows")) }
            let pause = Duration.milliseconds(min(10_000, 100 << min(failuresInARow, 7)))
            Logger.current.error(
                "Worker ended; its sessions are lost",
                metadata: ["tool": "\(launch.sandboxes.tool)", "restart.in": "\(pause)"]
            )
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    /// Runs one worker to its end; true if it got ready.
    private func runOnce() async throws -> Bool {
        starts += 1
        (inability, leaked) = (nil, 0)
        change(to: .starting)
        let name = "\(launch.name)-\(network)-\(starts)"
        let socket = "\(directory.path)/worker-\(name).sock"
        let root = try directory.makeDirectory("root-\(name)")
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        // A terminal's Ctrl-C is for the daemon alone.
        options.processGroupID = 0
        _ = try await Subprocess.run(
            .path(FilePath(launch.executable)),
            arguments: Arguments(arguments(socket: socket, root: root)),
            environment: .custom([:] as [Environment.Key: String]),
            platformOptions: options,
            input: .inputWriter,
            output: .sequence,
            error: .sequence
        ) { execution in
            try await attend(execution, socket: socket)
        }
        let wasReady = isReady
        if wasReady { change(to: .starting) }
        return wasReady
    }

    /// Hears a worker until it ends; ends it when this service is shut down.
    private nonisolated func attend(
        _ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>,
        socket: String
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for try await line in execution.standardOutput.strings() { await self.receive(line, socket: socket) }
                return true
            }
            group.addTask {
                for try await line in execution.standardError.strings() { await self.complain(line) }
                return false
            }
            group.addTask {
                // The worker ends, with all sessions, when its input does; and else is ended, with all that it forked.
                try? await gracefulShutdown()
                try await execution.standardInputWriter.finish()
                try await Task.sleep(for: WorkerProcess.endMax)
                try execution.send(signal: .kill)
                return false
            }
            group.addTask {
                try await Task.sleep(for: WorkerProcess.startMax)
                if await self.isReady { return false }
                throw WorkerError(description: "the worker was not ready within \(WorkerProcess.startMax)")
            }
            while let isEnd = try await group.next(), !isEnd {}
            group.cancelAll()
        }
    }

    private func arguments(socket: String, root: String) -> [String] {
        ["--socket", socket, "--network", network, "--root", root] + launch.arguments
            + (egressSocket.map { ["--egress-socket", $0] } ?? [])
    }

    private func receive(_ line: String, socket: String) {
        let words = line.split(separator: " ", maxSplits: 1)
        switch words.first {
        case "ready":
            Logger.current.info(
                "Worker ready",
                metadata: ["tool": "\(launch.sandboxes.tool)", "worker.starts": "\(starts)"]
            )
            for layer in layers where layer.hasPrefix("off ") {
                Logger.current.warning("Sessions have a layer less here", metadata: ["layer": "\(layer.dropFirst(4))"])
            }
            change(to: .ready(socket: socket))
        case "layer": layers = layers.filter { $0 != words.last.map(String.init) } + words.dropFirst().map(String.init)
        case "unable":
            inability = words.last.map(String.init)
            Logger.current.error("No session can be made", metadata: ["reason": "\(inability ?? "")"])
        case "able":
            inability = nil
            Logger.current.notice("Sessions can be made again")
        case "leaked":
            leaked = words.last.flatMap { Int($0) } ?? 0
            Logger.current.error("Sessions do not end", metadata: ["sessions": "\(leaked)"])
        case "note": notes += words.dropFirst().map(String.init).filter { !notes.contains($0) }
        default: Logger.current.notice("Worker said", metadata: ["worker.line": "\(line)"])
        }
    }

    private func complain(_ line: String) {
        lastWords += lastWords.isEmpty ? line : "\n\(line)"
        lastWords = String(lastWords.suffix(4096))
        Logger.current.warning("Worker complained", metadata: ["worker.line": "\(line)"])
    }

    private func change(to state: State) {
        self.state = state
        if case .starting = state { return }
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

/// A worker that cannot serve.
struct WorkerError: Error, CustomStringConvertible {
    let description: String
}
