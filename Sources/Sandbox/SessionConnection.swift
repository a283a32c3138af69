internal import Concurrency
internal import NIOCore
internal import NIOPosix
internal import PythonProtocol
internal import SandboxProtocol
internal import Sessions
internal import Synchronization

/// The daemon's end of one session: a connection to its supervisor, on which one run is under way at a time.
///
/// The session lives as long as the connection; closing it is how to end it.
final class SessionConnection: SessionState {
    typealias Handler = @Sendable (RunEvent) async -> Void

    /// The run under way, and what takes its events.
    private struct Run {
        let id: Int
        let handler: Handler
        let continuation: CheckedContinuation<Result<Outcome, SessionError>, Never>
    }

    /// The file request under way, and its answer so far.
    private struct Transfer {
        var events: [FileEvent] = []
        let continuation: CheckedContinuation<Result<[FileEvent], SessionError>, Never>
    }

    private enum State {
        case idle
        case running(Run)
        case closed(SessionError)
    }

    /// How much longer than its time limit a run may take: the grace, and what a busy machine needs.
    private static let overdue = TimeAmount.seconds(90)
    /// How much longer than the grace an interrupted run may take.
    private static let interruptOverdue = TimeAmount.seconds(15)
    /// How long a connection may wait for a session.
    private static let openingMax = TimeAmount.seconds(15)

    private let channel: any Channel
    private let state = Mutex(State.idle)
    private let transfer = Mutex<Transfer?>(nil)
    /// One file request at a time, beside the run; each is soon answered, and requests of the server's are bounded.
    private let transferTurns = AsyncLimiter(waitingMax: 1024, refusal: SessionError(.tooManyWaiting))
    private let opened = Mutex(false)
    private let runsBegun = Mutex(0)

    private let onChange: @Sendable () async -> Void

    private init(channel: any Channel, onChange: @escaping @Sendable () async -> Void) {
        self.channel = channel
        self.onChange = onChange
    }

    /// Connects to where sessions wait, at `path`; `onChange` is called when one has begun, and when it has ended.
    ///
    /// Where none comes in time, all that was asked of it fails with ``SessionError/Code/unavailable``.
    ///
    /// If the session reaches the network, `network` serves it, and is cancelled when the session is over.
    static func open(
        at path: String,
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void,
        onChange: @escaping @Sendable () async -> Void
    ) async throws(SessionError) -> SessionConnection {
        let events: NIOAsyncChannel<ByteBuffer, Never>
        do {
            events = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw SessionError(.unavailable, cause: error)
        }
        let connection = SessionConnection(channel: events.channel, onChange: onChange)
        events.channel.eventLoop.scheduleTask(in: openingMax) { [weak connection] in
            if connection?.hasBegun == false { connection?.giveUp(SessionError(.unavailable)) }
        }
        // Ends when the connection closes, which the worker or `close` does.
        Task {
            await connection.receive(events, network: network)
            await onChange()
        }
        return connection
    }

    /// Whether a run can still be made.
    var isOpen: Bool {
        state.withLock { state in
            switch state {
            case .idle, .running: true
            case .closed: false
            }
        }
    }

    /// Whether a session of the worker's is at the other end by now.
    var hasBegun: Bool { opened.withLock { $0 } }

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
        let limit = TimeAmount.milliseconds(Int64(cell.timeLimitMilliseconds)) + SessionConnection.overdue
        let watchdog = giveUp(run: id, in: limit)
        defer { watchdog.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(cell, Run(id: id, handler: handler, continuation: continuation))
            }
        } onCancel: {
            send(PythonRequest.interrupt.frame)
            giveUp(run: id, in: TimeAmount(grace) + SessionConnection.interruptOverdue)
        }
        return try result.get()
    }

    /// Carries out a file request, beside a run if one is under way; gives all that is answered.
    func answer(to request: FileRequest) async throws -> [FileEvent] {
        try await transferTurns.withPermit {
            let watchdog = channel.eventLoop.scheduleTask(in: SessionConnection.overdue) {
                self.giveUp(SessionConnection.lost)
            }
            defer { watchdog.cancel() }
            return try await withCheckedContinuation { continuation in
                transfer.withLock { $0 = Transfer(continuation: continuation) }
                if let error = closedReason { return endTransfer(error) }
                send(request.frame)
            }.get()
        }
    }

    private var closedReason: SessionError? {
        state.withLock { state in
            if case .closed(let error) = state { error } else { nil }
        }
    }

    private func receive(_ event: FileEvent) {
        transfer.withLock { $0?.events.append(event) }
        switch event {
        case .entry: break
        case .content, .ended: endTransfer(nil)
        }
    }

    /// Gives the answer to the caller that waits for it, or why it cannot come.
    private func endTransfer(_ failure: SessionError?) {
        let ended = transfer.withLock { transfer in
            defer { transfer = nil }
            return transfer
        }
        ended?.continuation.resume(returning: failure.map { .failure($0) } ?? .success(ended?.events ?? []))
    }

    /// Ends the session and what runs on it.
    func close() {
        fail(SessionError(.ended))
        channel.close(mode: .all, promise: nil)
    }

    private static var lost: SessionError { SessionError(.lost, cause: SessionError(.unavailable)) }

    private func giveUp(_ reason: SessionError) {
        fail(reason)
        channel.close(mode: .all, promise: nil)
    }

    /// Gives the session up unless the run `id` is over by then.
    @discardableResult
    private func giveUp(run id: Int, in delay: TimeAmount) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: delay) { [weak self] in
            let isRunning = self?.state.withLock { state in
                if case .running(let run) = state { run.id == id } else { false }
            }
            if isRunning == true { self?.giveUp(SessionConnection.lost) }
        }
    }

    private func begin(_ cell: PythonRequest.Run, _ run: Run) {
        let refusal: SessionError? = state.withLock { state in
            switch state {
            case .idle:
                state = .running(run)
                return nil
            case .running: preconditionFailure("two runs at once on a session")
            case .closed(let error): return error
            }
        }
        if let refusal { return run.continuation.resume(returning: .failure(refusal)) }
        send(PythonRequest.run(cell).frame)
        // Cancelled before it began: the handler's interrupt came too early to be seen.
        if Task.isCancelled { send(PythonRequest.interrupt.frame) }
    }

    private func send(_ request: Frame) {
        // A failure to write shows as the connection's end.
        channel.writeAndFlush(ByteBuffer(bytes: request.encoded), promise: nil)
    }

    private func receive(
        _ events: NIOAsyncChannel<ByteBuffer, Never>,
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void
    ) async {
        var failure: (any Error)?
        do {
            try await withThrowingDiscardingTaskGroup { group in
                defer { group.cancelAll() }
                try await events.executeThenClose { inbound in
                    var decoder = FrameDecoder()
                    for try await buffer in inbound {
                        decoder.append(buffer.readableBytesView)
                        while let frame = try decoder.next() {
                            guard let event = try SessionEvent(frame) else {
                                await handle(try PythonEvent(frame))
                                continue
                            }
                            if case .listening(let token) = event { group.addTask { await network(token) } }
                            await handle(event)
                        }
                    }
                }
            }
        } catch {
            failure = error
        }
        fail(SessionError(.lost, cause: failure))
    }

    private func handle(_ event: SessionEvent) async {
        switch event {
        case .opened:
            opened.withLock { $0 = true }
            await onChange()
        case .listening: break
        case .file(let event): receive(event)
        }
    }

    private func handle(_ event: PythonEvent) async {
        switch event {
        case .restarted(let death): await report(.stateLost(.died(death)))
        case .backgroundOutput(let bytes, let dropped): await report(.backgroundOutput(bytes, dropped: dropped))
        case .output(let bytes): await report(.output(bytes))
        case .rich(let rich): await report(.rich(rich))
        case .finished(let outcome): finish(outcome)
        }
    }

    private func report(_ event: RunEvent) async {
        let handler: Handler? = state.withLock { state in
            if case .running(let run) = state { run.handler } else { nil }
        }
        await handler?(event)
    }

    private func finish(_ outcome: Outcome) {
        let run: Run? = state.withLock { state in
            guard case .running(let run) = state else { return nil }
            state = .idle
            return run
        }
        run?.continuation.resume(returning: .success(outcome))
    }

    /// The first reason stays; a run under way gets it.
    private func fail(_ error: SessionError) {
        let run: Run? = state.withLock { state in
            switch state {
            case .idle:
                state = .closed(error)
                return nil
            case .running(let run):
                state = .closed(error)
                return run
            case .closed: return nil
            }
        }
        run?.continuation.resume(returning: .failure(error))
        endTransfer(error)
    }
}
