internal import ContainerImages
internal import LinuxSystem
internal import Logging
internal import ServiceLifecycle
internal import Sessions

/// The workers of images: one for each image and network that a session has asked for, started then.
///
/// An image with a worker is neither replaced nor removed.
actor ImageWorkers {
    /// Makes the worker of an image, which has a number of its own.
    typealias Make = @Sendable (_ image: Image, _ network: String, _ number: Int) -> WorkerProcess

    private struct Key: Hashable {
        let image: String
        let network: String
    }

    private struct Worker {
        let process: WorkerProcess
        let use: FileLock
    }

    /// The most at a time; each keeps sessions ready.
    static let workersMax = 16

    private let store: ImageStore
    private let networks: [String]
    private let make: Make
    private var workers: [Key: Worker] = [:]
    private var made = 0
    private let starts: AsyncStream<Key>
    private let start: AsyncStream<Key>.Continuation

    /// Workers of the images in `store`, whose sessions may reach `networks`.
    init(of store: ImageStore, networks: [String], make: @escaping Make) {
        self.store = store
        self.networks = networks
        self.make = make
        (starts, start) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(ImageWorkers.workersMax))
    }

    /// Those that there are, each with the name of its image, in the order of names.
    var all: [(image: String, process: WorkerProcess)] {
        workers.sorted { ($0.key.image, $0.key.network) < ($1.key.image, $1.key.network) }
            .map { (image: $0.key.image, process: $0.value.process) }
    }

    /// The socket of the worker of an image, which is waited for while it starts.
    ///
    /// Throws ``Sessions/SessionError`` where there is no such image, or none that a session can begin with.
    func socketPath(_ network: String, image name: String) async throws -> String {
        guard networks.contains(network) else { throw SessionError(.networkNotOffered) }
        let key = Key(image: name, network: network)
        if let worker = workers[key] { return try await worker.process.socketPath() }
        guard workers.count < ImageWorkers.workersMax else { throw SessionError(.tooManySessions) }
        let (image, use) = try usable(name)
        made += 1
        let worker = Worker(process: make(image, network, made), use: use)
        workers[key] = worker
        start.yield(key)
        return try await worker.process.socketPath()
    }

    /// Runs them until shut down. One that cannot start is tried again when the next session asks.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for await key in starts.cancelOnGracefulShutdown() {
                guard let process = workers[key]?.process else { continue }
                group.addTask {
                    do {
                        try await process.run()
                    } catch {
                        Logger.current.error(
                            "No session can begin with an image",
                            metadata: ["image": "\(key.image)", "error": "\(error)"]
                        )
                    }
                    await self.remove(key)
                }
            }
        }
    }

    /// An image that a session can begin with, and what keeps it.
    private func usable(_ name: String) throws(SessionError) -> (Image, FileLock) {
        let (image, use, problem): (Image, FileLock, ImageProblem?)
        do throws(ImageError) {
            image = try store.image(name)
            use = try store.use(image)
            problem = try store.check(name).first { $0.isFatal }
        } catch {
            throw SessionError(.imageNotOffered, cause: error)
        }
        if let problem {
            throw SessionError(.imageNotOffered, cause: WorkerError(description: "\(name): \(problem)"))
        }
        return (image, use)
    }

    private func remove(_ key: Key) { workers[key] = nil }
}
