internal import ContainerProtocol
public import ContainerTool
public import MCP
public import SandboxClient
public import Sessions

/// The machines of container sessions, on the processes of a worker.
///
/// A session's machine is started at its first use, by taking one that the worker keeps waiting. Starting it is part of no
/// call's time.
public struct ContainerMachines: MachineSource {
    /// The sessions, as an operator sees them.
    public var sessions: any ToolSessions { registry }

    /// The files of the sessions.
    public var files: any SessionFiles { SupervisedFiles(registry) }

    /// How many sessions are open.
    public var sessionCount: Int { get async { await registry.sessionCount } }

    /// Calls that wait or are under way.
    public var callCount: Int { get async { await registry.callCount } }

    let registry: SessionRegistry<MachineConnection>
    let grace: Duration
    let snapshots: SnapshotStore

    /// Serves the network to a session that reaches it by the listening socket which was sent with `token`, until
    /// cancelled.
    public typealias Network = @Sendable (_ token: [UInt8], _ session: SessionID) async -> Void

    /// The socket of the worker whose sessions reach `network` and begin with `image`; asked for with each session.
    ///
    /// It may wait for the worker, and throws ``Sessions/SessionError`` where there is none.
    public typealias FindWorker = @Sendable (_ network: String, _ image: String) async throws -> String

    /// Machines of the worker whose socket `findWorker` names.
    ///
    /// A session reaches what its first call says, or `usualNetwork`, and so for its image; an empty one is no image, but
    /// the programs of this machine.
    ///
    /// - Parameters:
    ///   - grace: How long the worker gives a command that it has asked to end.
    ///   - resting: When a machine that is not used comes to rest.
    ///   - sharing: Gives sessions one data directory with those of other tools that have their names.
    ///   - snapshotDirectory: An empty directory in which snapshots are kept.
    public init(
        limits: SessionLimits = SessionLimits(callsMax: 8),
        grace: Duration = .seconds(2),
        resting: MachineResting = MachineResting(),
        snapshotDirectory: String,
        snapshotLimits: SnapshotLimits = SnapshotLimits(),
        usualNetwork: String = "none",
        usualImage: String = "",
        sharing: DataSharing = DataSharing(),
        network: @escaping Network = { _, _ in },
        findWorker: @escaping FindWorker
    ) {
        self.grace = grace
        snapshots = SnapshotStore(in: snapshotDirectory, limits: snapshotLimits)
        registry = SessionRegistry(limits: limits, usualNetwork: usualNetwork, usualImage: usualImage) { opening in
            let worker = try await findWorker(opening.network, opening.image)
            return try await sharing.opening(opening, at: worker) { onChange in
                try await MachineConnection.open(
                    at: worker,
                    resting: resting,
                    network: { token in await network(token, opening.session) },
                    onChange: onChange
                )
            }
        }
    }

    /// Lends `body` the machine of a session; as many calls may use it at a time as its sessions' limits say.
    ///
    /// - Throws: ``ContainerTool/MachineError``, or `CancellationError`, or what `body` throws.
    public func withMachine<Value: Sendable>(
        of session: SessionKey,
        _ body: (any Machine) async throws -> Value
    ) async throws -> Value {
        let use = SessionUse(
            session.session,
            client: session.client,
            network: session.network,
            image: session.image
        )
        do {
            return try await registry.use(use) { connection, loss in
                let loss = connection.wake() ? MachineLoss.processes : loss.map { _ in .everything }
                return try await body(LentMachine(connection: connection, loss: loss, grace: grace))
            }
        } catch let error as SessionError {
            throw MachineError(MachineError.Code(error.code), cause: error)
        }
    }

    /// Ends the machine of a session with all that runs on it, if there is one.
    public func end(_ session: SessionKey) async { _ = await registry.end(session.session) }
}

extension MachineError.Code {
    /// What a use of a session that was not carried out is to the tools.
    fileprivate init(_ code: SessionError.Code) {
        self =
            switch code {
            case .unavailable: .unavailable
            case .tooManySessions: .tooManySessions
            case .tooManyWaiting, .noPlaceInTime: .tooManyCommands
            case .lost: .lost
            case .ended: .sessionEnded
            case .networkNotOffered: .networkNotOffered
            case .networkDiffers: .networkDiffers
            case .imageNotOffered: .imageNotOffered
            case .imageDiffers: .imageDiffers
            case .callTooLong: .tooLong
            }
    }
}
