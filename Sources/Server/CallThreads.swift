internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The threads that calls run on, so that what computes long never holds up the threads that serve HTTP.
///
/// Each session has a lane, and so has each peer whose bodies are parsed. The lanes take turns, a piece of work from each:
/// a session that has much to do waits for itself. The work of one lane is done one piece at a time, in order.
final class CallThreads: Sendable {
    /// Whose work a lane has; a session that is named like a peer shares none with it.
    enum Owner: Hashable {
        case session(String)
        case peer(String)
    }

    /// Those of this process, as many as the machine has processors, but at least two.
    static let shared = CallThreads()

    private let threads: NIOThreadPool
    /// The lanes in use, each with how many use it.
    private let lanes = Mutex<[Owner: (lane: Lane, users: Int)]>([:])

    private init() {
        threads = NIOThreadPool(numberOfThreads: max(2, System.coreCount))
        threads.start()
    }

    /// Runs `operation`, and the child tasks it starts, on the lane of `owner`.
    ///
    /// It is `@concurrent`: otherwise what it does before its first suspension would run where the caller does.
    func run<Value: Sendable>(
        for owner: Owner,
        _ operation: @concurrent () async throws -> Value
    ) async rethrows -> Value {
        let lane = take(owner)
        defer { give(back: owner) }
        return try await withTaskExecutorPreference(lane) { try await operation() }
    }

    private func take(_ owner: Owner) -> Lane {
        lanes.withLock { lanes in
            let lane = lanes[owner]?.lane ?? Lane(threads)
            lanes[owner, default: (lane, 0)].users += 1
            return lane
        }
    }

    private func give(back owner: Owner) {
        lanes.withLock { lanes in
            lanes[owner]?.users -= 1
            if lanes[owner]?.users == 0 { lanes[owner] = nil }
        }
    }
}

/// The work of one session.
private final class Lane: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        /// Whether the lane waits for its turn, or has it.
        var isScheduled = false
    }

    private let threads: NIOThreadPool
    private let state = Mutex(State())

    init(_ threads: NIOThreadPool) {
        self.threads = threads
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = state.withLock { state in
            state.jobs.append(job)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { schedule() }
    }

    /// Asks for a turn: the threads take what is submitted by order of arrival.
    private func schedule() {
        threads.submit { _ in self.takeTurn() }
    }

    private func takeTurn() {
        let job = state.withLock { $0.jobs.removeFirst() }
        // Safe, as each job that was enqueued is run exactly once, and this lane lives for that long.
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        let hasMore = state.withLock { state in
            state.isScheduled = !state.jobs.isEmpty
            return state.isScheduled
        }
        if hasMore { schedule() }
    }
}
