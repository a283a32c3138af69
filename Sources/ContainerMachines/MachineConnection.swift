internal import ContainerProtocol
internal import ContainerTool
internal import SandboxClient
internal import SandboxProtocol
internal import Sessions
internal import Synchronization

/// The daemon's end of one container session: commands that run on its machine, many at a time, and its terminals.
final class MachineConnection: SupervisedState {
    typealias Handler = @Sendable (MachineEvent) async -> Void
    typealias Ending = Result<CommandOutcome, SessionError>

    /// A command under way, by what becomes of its output and its end.
    private enum Running {
        /// One that a call waits for.
        case waitedFor(Handler, CheckedContinuation<Ending, Never>)
        /// One whose terminal keeps what it shows.
        case onTerminal(MachineTerminal)
    }

    private struct State {
        var running: [UInt32: Running] = [:]
        var terminals: [String: MachineTerminal] = [:]
        var lastNumber: UInt32 = 0

        /// A number that no command under way has.
        mutating func nextNumber() -> UInt32 {
            repeat { lastNumber &+= 1 } while running[lastNumber] != nil
            return lastNumber
        }
    }

    /// How much longer than the grace a command may take to end that was asked to.
    private static let stopOverdue = Duration.seconds(15)
    /// The most terminals of a machine.
    private static let terminalsMax = 16

    let supervisor: SupervisorConnection
    /// What the terminals show; see ``ContainerTool/Machine/terminals``.
    let terminalTexts = Terminals()
    private let state = Mutex(State())

    private init(_ supervisor: SupervisorConnection) {
        self.supervisor = supervisor
    }

    /// Connects to where sessions wait, at `path`; see ``SandboxClient/SupervisorConnection``.
    static func open(
        at path: String,
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void,
        onChange: @escaping @Sendable () async -> Void
    ) async throws(SessionError) -> MachineConnection {
        let supervisor = try await SupervisorConnection.connect(to: path)
        let connection = MachineConnection(supervisor)
        supervisor.serve(network: network, onChange: onChange) { error in
            connection.endAll(error)
        } handle: { frame in
            await connection.handle(try ContainerEvent(frame))
        }
        return connection
    }

    // MARK: Commands

    /// Runs a command to its end, even if the caller's task is cancelled: then it is stopped, and has `grace` until its
    /// supervisor kills it.
    ///
    /// `input` is all that it can read. `handler` is awaited for each piece of output before the next is read.
    func run(
        _ command: Command,
        input: [UInt8] = [],
        grace: Duration,
        handler: @escaping Handler
    ) async throws(SessionError) -> CommandOutcome {
        let number = state.withLock { $0.nextNumber() }
        // The supervisor keeps the time limit; the daemon gives a session up whose supervisor is late.
        let limit = Duration.milliseconds(Int64(command.timeLimitMilliseconds))
        let watchdog = giveUp(number, in: limit + grace + SupervisorConnection.overdue)
        defer { watchdog.cancel() }
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(number, .waitedFor(handler, continuation), command)
                if !input.isEmpty { send(.input(number, input)) }
                send(.endInput(number))
                // Cancelled before it began: the handler's stop came too early to be seen.
                if Task.isCancelled { send(.stop(number)) }
            }
        } onCancel: {
            send(.stop(number))
            giveUp(number, in: grace + MachineConnection.stopOverdue)
        }
        return try ending.get()
    }

    private func begin(_ number: UInt32, _ running: Running, _ command: Command) {
        state.withLock { $0.running[number] = running }
        // What ends from here on ends this command too.
        if let end = supervisor.end { return finish(number, .failure(end)) }
        send(.start(number, command))
    }

    @discardableResult
    private func giveUp(_ number: UInt32, in delay: Duration) -> SupervisorConnection.Watchdog {
        supervisor.close(after: delay) { [weak self] in self?.state.withLock { $0.running[number] != nil } == true }
    }

    private func send(_ request: ContainerRequest) { supervisor.send(request.frame) }

    // MARK: Terminals

    /// Starts a command on a terminal that is known by `name` from then on.
    func openTerminal(_ name: String, running command: Command) throws(MachineError) {
        let terminal = MachineTerminal()
        let number = try state.withLock { state throws(MachineError) in
            if state.terminals[name]?.isOver == false { throw MachineError(.terminalExists) }
            state.terminals[name] = nil
            guard state.terminals.count < MachineConnection.terminalsMax else {
                throw MachineError(.tooManyTerminals)
            }
            state.terminals[name] = terminal
            return state.nextNumber()
        }
        terminal.number = number
        begin(number, .onTerminal(terminal), command)
    }

    /// The terminal of this name.
    func terminal(_ name: String) throws(MachineError) -> MachineTerminal {
        guard let terminal = state.withLock({ $0.terminals[name] }) else { throw MachineError(.noTerminal) }
        return terminal
    }

    /// Types on a terminal.
    func type(_ bytes: [UInt8], on terminal: MachineTerminal) {
        if !bytes.isEmpty { send(.input(terminal.number, bytes)) }
    }

    /// Forgets a terminal whose end was told.
    func forget(_ name: String, _ terminal: MachineTerminal) {
        state.withLock { if $0.terminals[name] === terminal { $0.terminals[name] = nil } }
    }

    // MARK: Events

    private func handle(_ event: ContainerEvent) async {
        switch event {
        case .output(let number, let bytes):
            switch state.withLock({ $0.running[number] }) {
            case .waitedFor(let handler, _): await handler(.output(bytes))
            case .onTerminal(let terminal): terminal.append(bytes)
            case nil: break
            }
        case .inputDropped(let number):
            if case .onTerminal(let terminal)? = state.withLock({ $0.running[number] }) { terminal.noteDroppedInput() }
        case .ended(let number, let outcome): finish(number, .success(outcome))
        }
    }

    private func finish(_ number: UInt32, _ ending: Ending) {
        switch state.withLock({ $0.running.removeValue(forKey: number) }) {
        case .waitedFor(_, let continuation): continuation.resume(returning: ending)
        case .onTerminal(let terminal): terminal.finish(ending)
        case nil: break
        }
    }

    private func endAll(_ error: SessionError) {
        for number in state.withLock({ Array($0.running.keys) }) { finish(number, .failure(error)) }
    }
}
