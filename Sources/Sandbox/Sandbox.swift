internal import Concurrency
public import PythonProtocol
public import SandboxClient
internal import SandboxProtocol
public import Sessions

/// Python sessions on the worker's processes: cells that run, and files.
public struct Sandbox: Sendable {
    /// The sessions, as an operator sees them.
    public var sessions: any ToolSessions { registry }

    /// The files of the sessions.
    public var files: any SessionFiles { SupervisedFiles(registry) }

    let registry: SessionRegistry<SessionConnection>
    private let limits: Limits
    private let running: FairLimiter

    /// Serves the network to a session that reaches it by the listening socket which was sent with `token`, until
    /// cancelled.
    public typealias Network = @Sendable (_ token: [UInt8], _ session: SessionID) async -> Void

    /// The socket of the worker whose sessions reach `network`; asked for with each session.
    ///
    /// It may wait for the worker, and throws ``SessionError`` where there is none.
    public typealias FindWorker = @Sendable (_ network: String) async throws -> String

    /// Sessions on the worker whose socket `findWorker` names.
    ///
    /// A session reaches what its first run says, or `usualNetwork`. With those of other tools that have its name, it has one
    /// data directory, if they have the same `sharing`.
    public init(
        limits: Limits = Limits(),
        usualNetwork: String = "none",
        sharing: DataSharing = DataSharing(),
        network: @escaping Network = { _, _ in },
        findWorker: @escaping FindWorker
    ) {
        self.limits = limits
        running = FairLimiter(
            limit: limits.runningMax,
            waitingMax: limits.queue,
            refusal: SessionError(.noPlaceInTime)
        )
        registry = SessionRegistry(limits: limits.sessions, usualNetwork: usualNetwork) { opening in
            let worker = try await findWorker(opening.network)
            return try await sharing.opening(opening, at: worker) { onChange in
                try await SessionConnection.open(
                    at: worker,
                    network: { token in await network(token, opening.session) },
                    onChange: onChange
                )
            }
        }
    }

    /// Sessions that are open.
    public var sessionCount: Int { get async { await registry.sessionCount } }

    /// Runs that wait or are under way.
    public var runCount: Int { get async { await registry.callCount } }

    /// Runs that wait because as many cells run as may.
    public var queuedCount: Int { running.waitingCount }

    /// Runs a cell in a session, after those asked for before, and waits for its end.
    ///
    /// A session's first run says what it reaches of the network; later ones say the same, or nothing. Places to run and
    /// sessions are shared out among clients. If the caller is cancelled while the cell runs, the cell is interrupted
    /// and its outcome returned.
    ///
    /// - Parameters:
    ///   - source: The cell, UTF-8, at most 64 bytes less than a frame's payload.
    ///   - handler: Takes the events in order, and is awaited for each before the next is read.
    /// - Throws: `CancellationError` if the caller is cancelled while the cell waits; else only ``SessionError``.
    public func run(
        _ source: [UInt8],
        in use: SessionUse,
        timeLimit: Duration,
        handler: @escaping @Sendable (RunEvent) async -> Void
    ) async throws -> Outcome {
        guard source.count <= Frame.payloadBytesMax - 64 else { throw SessionError(.callTooLong) }
        let milliseconds =
            timeLimit.components.seconds * 1000 + timeLimit.components.attoseconds / 1_000_000_000_000_000
        let cell = PythonRequest.Run(timeLimitMilliseconds: UInt32(clamping: milliseconds), source: source)
        return try await registry.use(use) { connection, loss in
            if let loss { await handler(.stateLost(.session(loss))) }
            return try await running.withPermit(client: use.client, session: "\(use.session)") {
                try await connection.run(cell, grace: limits.grace, handler: handler)
            }
        }
    }
}
