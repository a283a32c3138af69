internal import Concurrency
internal import NIOCore
internal import NIOPosix
package import SandboxProtocol
package import Sessions
internal import Synchronization

/// The daemon's end of one session, whichever worker made it: a connection to its supervisor.
///
/// The session lives as long as the connection; closing it is how to end it. What belongs to the session's tool passes
/// through as frames.
package final class SupervisorConnection: Sendable {
    private typealias Events = NIOAsyncChannel<ByteBuffer, Never>

    private struct State {
        /// What its worker calls the session that is at the other end by now.
        var key: [UInt8]?
        /// Those that wait for the key.
        var waiting: [CheckedContinuation<[UInt8]?, Never>] = []
        /// Why the connection is over; the first reason stays.
        var end: SessionError?
        /// Takes that reason, once.
        var onEnd: (@Sendable (SessionError) -> Void)?
    }

    /// The file request under way, and its answer so far.
    private struct Transfer {
        var events: [FileEvent] = []
        let continuation: CheckedContinuation<Result<[FileEvent], SessionError>, Never>
    }

    /// How much longer than it should take what a supervisor does may take, as a busy machine needs it.
    package static let overdue = Duration.seconds(90)
    private let events: Events
    private let state = Mutex(State())
    private let transfer = Mutex<Transfer?>(nil)
    /// One file request at a time, beside the tool's; each is soon answered, and requests of the server's are bounded.
    private let transferTurns = AsyncLimiter(waitingMax: 1024, refusal: SessionError(.tooManyWaiting))

    private init(_ events: Events) {
        self.events = events
    }

    /// Connects to where sessions wait, at `path`.
    ///
    /// Where none comes in time, the connection ends with ``SessionError/Code/unavailable``, once it is served.
    ///
    /// - Throws: ``SessionError/Code/unavailable`` if nothing listens there.
    package static func connect(to path: String) async throws(SessionError) -> SupervisorConnection {
        let events: Events
        do {
            events = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture { try Events(wrappingChannelSynchronously: channel) }
                }
        } catch {
            throw SessionError(.unavailable, cause: error)
        }
        return SupervisorConnection(events)
    }

    /// Begins to read, until the connection ends. Called once.
    ///
    /// - Parameters:
    ///   - openingMax: How long it may wait for a session.
    ///   - network: Serves the network to a session that reaches it; cancelled when the session is over.
    ///   - onChange: Called when the session has begun, and after its end.
    ///   - onEnd: Takes why the connection is over, at once, even while `handle` is awaited.
    ///   - handle: Takes the tool's own events, and is awaited for each before the next is read. What it throws ends the
    ///     session.
    package func serve(
        openingMax: Duration = .seconds(15),
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void,
        onChange: @escaping @Sendable () async -> Void,
        onEnd: @escaping @Sendable (SessionError) -> Void,
        handle: @escaping @Sendable (Frame) async throws -> Void
    ) {
        state.withLock { $0.onEnd = onEnd }
        events.channel.eventLoop.scheduleTask(in: TimeAmount(openingMax)) { [weak self] in
            if self?.hasBegun == false { self?.close(SessionError(.unavailable)) }
        }
        // Ends when the connection closes, which the worker or `close` does.
        Task {
            await receive(network: network, onChange: onChange, handle: handle)
            await onChange()
        }
    }

    /// Whether a session of the worker's is at the other end by now.
    package var hasBegun: Bool { state.withLock { $0.key != nil } }

    /// What its worker calls the session, which is waited for; nil if the connection ends before there is one.
    var key: [UInt8]? {
        get async {
            await withCheckedContinuation { continuation in
                let known: [UInt8]?? = state.withLock { state in
                    if let key = state.key { return .some(key) }
                    if state.end != nil { return .some(nil) }
                    state.waiting.append(continuation)
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }

    /// Why the connection is over; nil while it is not.
    package var end: SessionError? { state.withLock { $0.end } }

    /// Ends the session and what runs on it, for `reason`; does not wait.
    package func close(_ reason: SessionError) {
        fail(reason)
        events.channel.close(mode: .all, promise: nil)
    }

    /// Ends the session as lost if `isLate` is true after `delay`; its supervisor should have answered long before.
    @discardableResult
    package func close(after delay: Duration, if isLate: @escaping @Sendable () -> Bool) -> Watchdog {
        let late = events.channel.eventLoop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
            if isLate() { self?.close(SupervisorConnection.lost) }
        }
        return Watchdog { late.cancel() }
    }

    /// Ends a session, unless it is cancelled before.
    package struct Watchdog: Sendable {
        /// Ends nothing any more.
        package let cancel: @Sendable () -> Void
    }

    /// Sends a request.
    package func send(_ request: Frame) {
        // A failure to write shows as the connection's end.
        events.channel.writeAndFlush(ByteBuffer(bytes: request.encoded), promise: nil)
    }

    /// Carries out a file request, beside what else is under way; gives all that is answered.
    ///
    /// - Throws: ``SessionError``, or `CancellationError` while others are carried out before it.
    package func answer(to request: FileRequest) async throws -> [FileEvent] {
        try await transferTurns.withPermit {
            let watchdog = close(after: SupervisorConnection.overdue) { true }
            defer { watchdog.cancel() }
            return try await withCheckedContinuation { continuation in
                transfer.withLock { $0 = Transfer(continuation: continuation) }
                if let end { return endTransfer(end) }
                send(request.frame)
            }.get()
        }
    }

    private static var lost: SessionError { SessionError(.lost, cause: SessionError(.unavailable)) }

    private func receive(
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void,
        onChange: @escaping @Sendable () async -> Void,
        handle: @escaping @Sendable (Frame) async throws -> Void
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
                            switch try SessionEvent(frame) {
                            case .opened(let key):
                                begin(key)
                                // It may wait for what this loop has still to read.
                                group.addTask { await onChange() }
                            case .listening(let token): group.addTask { await network(token) }
                            case .file(let event): receive(event)
                            case nil: try await handle(frame)
                            }
                        }
                    }
                }
            }
        } catch {
            failure = error
        }
        fail(SessionError(.lost, cause: failure))
    }

    private func begin(_ key: [UInt8]) {
        let waiting = state.withLock { state in
            state.key = key
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: key) }
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

    private func fail(_ error: SessionError) {
        let before: State? = state.withLock { state in
            guard state.end == nil else { return nil }
            state.end = error
            defer { (state.onEnd, state.waiting) = (nil, []) }
            return state
        }
        before?.onEnd?(error)
        for continuation in before?.waiting ?? [] { continuation.resume(returning: nil) }
        endTransfer(error)
    }
}
