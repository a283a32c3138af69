import ContainerMachines
import ContainerProtocol
import MCP
import SandboxProtocol
import Sessions
import Synchronization
import TestSupport

@testable import ContainerTool

/// Machines whose supervisors answer as a test wants.
enum FakeContainer {
    /// What a supervisor answers to a request; nil ends it, as when its process dies.
    typealias Answer = @Sendable (ContainerRequest) -> [ContainerEvent]?

    static let session = SessionKey(id: "a", endsWithConnection: false)

    /// Runs `body` with these machines.
    static func run(
        grace: Duration = .seconds(2),
        answer: @escaping Answer,
        body: @escaping @Sendable (ContainerMachines) async throws -> Void
    ) async throws {
        try await FakeSupervisor.run { frame in
            answer(try ContainerRequest(frame))?.map(\.frame)
        } body: { path in
            let machines = ContainerMachines(grace: grace, snapshotDirectory: "/nonexistent") { _, _ in path }
            try await body(machines)
            await machines.sessions.endAll()
        }
    }

    /// Exited with this status, at once.
    static func exited(_ status: UInt8) -> CommandOutcome {
        CommandOutcome(end: .exited(status), stop: nil, microseconds: 1500)
    }
}

extension ExecCommand {
    init(_ words: String..., timeLimit: Duration = .seconds(60)) {
        self.init(arguments: words, timeLimit: timeLimit)
    }
}

extension ContainerMachines {
    /// Runs a command in the session of all tests.
    func run(_ command: ExecCommand, _ log: EventLog = EventLog()) async throws -> ExecEnd {
        try await withMachine(of: FakeContainer.session) { machine in
            try await machine.run(command) { log.append($0) }
        }
    }

    /// Types on a terminal and waits for as long as `limit`, or until its program ends.
    func type(
        _ text: String = "",
        on name: String,
        _ log: EventLog = EventLog(),
        limit: Duration = .seconds(30),
        endsWhenQuiet: Bool = true
    ) async throws -> ExecEnd? {
        try await withMachine(of: FakeContainer.session) { machine in
            let wait = TerminalWait(limit: limit, endsWhenQuiet: endsWhenQuiet)
            return try await machine.useTerminal(name, typing: Array(text.utf8), wait: wait) { log.append($0) }
        }
    }

    /// Opens a terminal.
    func open(_ name: String) async throws {
        try await withMachine(of: FakeContainer.session) { machine in
            try await machine.openTerminal(name, running: ExecCommand("sh"))
        }
    }
}

/// What a machine reported.
final class EventLog: Sendable {
    private let kept = Mutex<[MachineEvent]>([])

    var events: [MachineEvent] { kept.withLock { $0 } }

    func append(_ event: MachineEvent) { kept.withLock { $0.append(event) } }
}

/// What was asked of supervisors.
final class RequestLog: Sendable {
    private let kept = Mutex<[ContainerRequest]>([])

    var requests: [ContainerRequest] { kept.withLock { $0 } }

    func append(_ request: ContainerRequest) { kept.withLock { $0.append(request) } }
}
