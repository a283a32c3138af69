internal import PythonProtocol
internal import SandboxClient
internal import SandboxProtocol
internal import Sessions
internal import Synchronization

/// The daemon's end of one python session, on which one run is under way at a time.
final class SessionConnection: SupervisedState {
    typealias Handler = @Sendable (RunEvent) async -> Void

    /// The run under way, and what takes its events.
    private struct Run {
        let id: Int
        let handler: Handler
        let continuation: CheckedContinuation<Result<Outcome, SessionError>, Never>
    }

    /// How much longer than the grace an interrupted run may take.
    private static let interruptOverdue = Duration.seconds(15)

    let supervisor: SupervisorConnection
    private let running = Mutex<Run?>(nil)
    private let runsBegun = Mutex(0)

    private init(_ supervisor: SupervisorConnection) {
        self.supervisor = supervisor
    }

    /// Connects to where sessions wait, at `path`; `onChange` is called when one has begun, and when it has ended.
    ///
    /// If the session reaches the network, `network` serves it, and is cancelled when the session is over.
    static func open(
        at path: String,
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void,
        onChange: @escaping @Sendable () async -> Void
    ) async throws(SessionError) -> SessionConnection {
        let supervisor = try await SupervisorConnection.connect(to: path)
        let connection = SessionConnection(supervisor)
        supervisor.serve(network: network, onChange: onChange) { error in
            connection.finish(.failure(error))
        } handle: { frame in
            await connection.handle(try PythonEvent(frame))
        }
        return connection
    }

    /// Runs a cell and waits for its end, even if the caller's task is cancelled: then the cell is interrupted, and has
    /// `grace` until its supervisor kills it.
    ///
    /// `handler` is awaited for each event before the next is read.
    func run(
        _ cell: PythonRequest.Run,
        grace: Duration,
        handler: @escaping Handler
    ) async throws(SessionError) -> Outcome {
        let id = runsBegun.withLock { count in
            count += 1
            return count
        }
        // The supervisor keeps the time limit; the daemon gives a session up whose supervisor is late.
        let limit = Duration.milliseconds(Int64(cell.timeLimitMilliseconds))
        let watchdog = giveUp(run: id, in: limit + SupervisorConnection.overdue)
        defer { watchdog.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(cell, Run(id: id, handler: handler, continuation: continuation))
            }
        } onCancel: {
            supervisor.send(PythonRequest.interrupt.frame)
            giveUp(run: id, in: grace + SessionConnection.interruptOverdue)
        }
        return try result.get()
    }

    /// Gives the session up unless the run `id` is over by then.
    @discardableResult
    private func giveUp(run id: Int, in delay: Duration) -> SupervisorConnection.Watchdog {
        supervisor.close(after: delay) { [weak self] in self?.running.withLock { $0?.id == id } == true }
    }

    private func begin(_ cell: PythonRequest.Run, _ run: Run) {
        running.withLock { running in
            precondition(running == nil, "two runs at once on a session")
            running = run
        }
        // What ends from here on ends this run too.
        if let end = supervisor.end { return finish(.failure(end)) }
        supervisor.send(PythonRequest.run(cell).frame)
        // Cancelled before it began: the handler's interrupt came too early to be seen.
        if Task.isCancelled { supervisor.send(PythonRequest.interrupt.frame) }
    }

    private func handle(_ event: PythonEvent) async {
        switch event {
        case .restarted(let death): await report(.stateLost(.died(death)))
        case .backgroundOutput(let bytes, let dropped): await report(.backgroundOutput(bytes, dropped: dropped))
        case .output(let bytes): await report(.output(bytes))
        case .rich(let rich): await report(.rich(rich))
        case .finished(let outcome): finish(.success(outcome))
        }
    }

    private func report(_ event: RunEvent) async {
        let handler = running.withLock { $0?.handler }
        await handler?(event)
    }

    private func finish(_ result: Result<Outcome, SessionError>) {
        let run = running.withLock { running in
            defer { running = nil }
            return running
        }
        run?.continuation.resume(returning: result)
    }
}
