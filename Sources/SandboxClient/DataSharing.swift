internal import LinuxSystem
internal import Logging
internal import NIOPosix
internal import SandboxProtocol
package import Sessions

/// One data directory for the sessions of one name, whichever tools have them.
///
/// A session that is opened while another of its name is there gets the directory of that one, before it runs anything. So
/// the directory lives as long as one of them does. Mounts go from worker to worker as descriptors, through this process.
public actor DataSharing {
    /// A session that a worker has made.
    private struct Member {
        weak var supervisor: SupervisorConnection?
        /// The socket on which its worker's sessions wait.
        let worker: String

        var isOpen: Bool { supervisor.map { $0.end == nil } == true }
    }

    /// How long a worker may take for one answer, in microseconds; its pool does one thing at a time.
    private static let answerMicroseconds: UInt64 = 10_000_000

    private var members: [SessionID: [Member]] = [:]
    /// The last session of a name that is being admitted; the next waits for it.
    private var admissions: [SessionID: Task<Void, Never>] = [:]
    private var hasWarned = false

    /// No session yet.
    public init() {}

    /// Opens a session's state with `open`, at the socket `worker`, and gives it the data directory of others of its name.
    ///
    /// `open` gets what the state is to call when it has begun, and when it has ended.
    ///
    /// - Throws: What `open` throws.
    package nonisolated func opening<State: SupervisedState>(
        _ session: SessionOpening,
        at worker: String,
        _ open: (_ onChange: @escaping @Sendable () async -> Void) async throws -> State
    ) async throws -> State {
        let state = try await open {
            await session.onChange()
            await self.sessionChanged(session.session)
        }
        await admit(state.supervisor, of: session.session, worker: worker)
        return state
    }

    /// Gives a session that was just opened the data directory of others of its name, if there are any.
    ///
    /// Where the kernel cannot do that, the log says so once, and the session keeps a directory of its own.
    private func admit(_ supervisor: SupervisorConnection, of session: SessionID, worker: String) async {
        let member = Member(supervisor: supervisor, worker: worker)
        if members[session] == nil, admissions[session] == nil {
            members[session] = [member]
            // It may have ended before it was known here.
            return sessionChanged(session)
        }
        let previous = admissions[session]
        let admission = Task {
            await previous?.value
            await join(member, session)
        }
        admissions[session] = admission
        await admission.value
        if admissions[session] == admission { admissions[session] = nil }
    }

    /// Forgets the sessions of a name that have ended.
    private func sessionChanged(_ session: SessionID) {
        members[session]?.removeAll { !$0.isOpen }
        if members[session]?.isEmpty == true { members[session] = nil }
    }

    private func join(_ member: Member, _ session: SessionID) async {
        sessionChanged(session)
        let other = members[session]?.first
        members[session, default: []].append(member)
        defer { sessionChanged(session) }
        guard let other else { return }
        do {
            try await DataSharing.share(of: other, with: member)
        } catch {
            // One that has ended meanwhile has nothing to share.
            guard other.isOpen, member.isOpen, !hasWarned else { return }
            hasWarned = true
            Logger.current.warning(
                "Tools do not share the data directory of a session here",
                metadata: ["error": "\(error)", "needs": "Linux 6.3, where workers are root"]
            )
        }
    }

    private static func share(of other: Member, with member: Member) async throws {
        guard let source = await other.supervisor?.key, let target = await member.supervisor?.key else { return }
        let (lent, mounts) = try await ask(.lend(session: source), of: other.worker)
        defer { close(mounts) }
        _ = try await ask(.join(session: target, owner: lent.owner), of: member.worker, with: mounts)
        _ = try await member.supervisor?.answer(to: .reopen)
    }

    /// Makes a pipe between two sessions of a worker, for the next files that one saves and the other restores; false where
    /// that cannot be done.
    package static func connect(
        _ source: SupervisorConnection,
        to target: SupervisorConnection,
        of worker: String
    ) async -> Bool {
        guard let source = await source.key, let target = await target.key else { return false }
        return (try? await ask(.connect(source: source, target: target), of: worker)) != nil
    }

    /// Asks a worker, on a thread that may wait. The caller owns the descriptors that come back.
    private static func ask(
        _ request: DataRequest,
        of worker: String,
        with descriptors: [CInt] = []
    ) async throws -> (DataAnswer, [CInt]) {
        try await NIOThreadPool.singleton.runIfActive {
            let connection = try UnixSocket.connectDescriptorSocket(to: DataRequest.socket(of: worker))
            try UnixSocket.send(descriptors, with: request.encoded, through: connection)
            guard let message = try UnixSocket.receiveIfThere(from: connection, within: answerMicroseconds),
                let answer = DataAnswer(encoded: message.bytes)
            else { throw SystemError("no answer about data", code: 110) }
            guard answer.errno == 0 else {
                close(message.descriptors)
                throw SystemError("share data", code: answer.errno)
            }
            return (answer, message.descriptors)
        }
    }

    private static func close(_ descriptors: [CInt]) {
        for number in descriptors { _ = Descriptor(owning: number) }
    }
}
