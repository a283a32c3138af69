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
        /// One that is about to begin, and what was sent to it by then.
        case reserved([ContainerRequest])
        /// One that a call waits for.
        case waitedFor(Handler, CheckedContinuation<Ending, Never>)
        /// One whose terminal keeps what it shows.
        case onTerminal(MachineTerminal)
    }

    private struct State {
        var running: [UInt32: Running] = [:]
        /// Those of the commands under way.
        var windows: [UInt32: InputWindow] = [:]
        var terminals: [String: MachineTerminal] = [:]
        var lastNumber: UInt32 = 0
        /// How far it rests, while it is not used.
        var rest = MachineRest.none
        /// Whether processes were ended while it rested; the next call hears of it.
        var hasLostProcesses = false

        /// Reserves a number that no command under way has.
        mutating func nextNumber() -> UInt32 {
            repeat { lastNumber &+= 1 } while running[lastNumber] != nil
            running[lastNumber] = .reserved([])
            windows[lastNumber] = InputWindow()
            return lastNumber
        }
    }

    /// How much longer than the grace a command may take to end that was asked to.
    private static let stopOverdue = Duration.seconds(15)
    /// The most terminals of a machine.
    private static let terminalsMax = 16

    let supervisor: SupervisorConnection
    /// The socket on which the sessions of its worker wait.
    let worker: String
    /// What the terminals show; see ``ContainerTool/Machine/terminals``.
    let terminalTexts = Terminals()
    private let state = Mutex(State())

    private let resting: MachineResting

    private init(_ supervisor: SupervisorConnection, worker: String, resting: MachineResting) {
        self.supervisor = supervisor
        self.worker = worker
        self.resting = resting
    }

    /// Connects to where sessions wait, at `path`; see ``SandboxClient/SupervisorConnection``.
    static func open(
        at path: String,
        resting: MachineResting,
        network: @escaping @Sendable (_ token: [UInt8]) async -> Void,
        onChange: @escaping @Sendable () async -> Void
    ) async throws(SessionError) -> MachineConnection {
        let supervisor = try await SupervisorConnection.connect(to: path)
        let connection = MachineConnection(supervisor, worker: path, resting: resting)
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
    /// It reads what is sent to its number. `handler` is awaited for each piece of output before the next is read.
    func run(
        _ command: Command,
        as number: UInt32,
        grace: Duration,
        handler: @escaping Handler
    ) async throws(SessionError) -> CommandOutcome {
        let limit = Duration.milliseconds(Int64(command.timeLimitMilliseconds))
        return try await run(.start(number, command), as: number, limit: limit, grace: grace, handler: handler)
    }

    /// Carries out a request that is over when a command with its number has ended; see ``run(_:as:grace:handler:)``.
    ///
    /// With a `limit` of zero it may take as long as it does.
    func run(
        _ request: ContainerRequest,
        as number: UInt32,
        limit: Duration,
        grace: Duration,
        handler: @escaping Handler
    ) async throws(SessionError) -> CommandOutcome {
        // The supervisor keeps the time limit; the daemon gives a session up whose supervisor is late.
        let watchdog = limit > .zero ? giveUp(number, in: limit + grace + SupervisorConnection.overdue) : nil
        defer { watchdog?.cancel() }
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(request, as: number, .waitedFor(handler, continuation))
                // Cancelled before it began: the handler's stop came too early to be seen.
                if Task.isCancelled { send(.stop(number)) }
            }
        } onCancel: {
            send(.stop(number))
            giveUp(number, in: grace + MachineConnection.stopOverdue)
        }
        return try ending.get()
    }

    /// A number for a command that is about to begin; no other has it until that has ended.
    func nextNumber() -> UInt32 { state.withLock { $0.nextNumber() } }

    /// Sends something to a command, which is waited for while it does not read; false if none has this number.
    func send(_ input: SessionCommandInput, to number: UInt32) async -> Bool {
        guard case .bytes(let bytes) = input else {
            return ContainerRequest(input, to: number).map { send($0, to: number) } ?? false
        }
        guard let window = state.withLock({ $0.windows[number] }) else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(InputWindow.pieceBytesMax))
            guard await window.take(piece.count), send(.input(number, piece), to: number) else { return false }
            rest = rest.dropFirst(piece.count)
        }
        return true
    }

    private func send(_ request: ContainerRequest, to number: UInt32) -> Bool {
        let isReserved: Bool? = state.withLock { state in
            guard case .reserved(let before)? = state.running[number] else {
                return state.running[number].map { _ in false }
            }
            state.running[number] = .reserved(before + [request])
            return true
        }
        if isReserved == false { send(request) }
        return isReserved != nil
    }

    private func begin(_ request: ContainerRequest, as number: UInt32, _ running: Running) {
        let early = state.withLock { state in
            defer { state.running[number] = running }
            return state.running[number]
        }
        // What ends from here on ends this command too.
        if let end = supervisor.end { return finish(number, .failure(end)) }
        send(request)
        if case .reserved(let requests)? = early { for request in requests { send(request) } }
    }

    @discardableResult
    private func giveUp(_ number: UInt32, in delay: Duration) -> SupervisorConnection.Watchdog {
        supervisor.close(after: delay) { [weak self] in self?.state.withLock { $0.running[number] != nil } == true }
    }

    private func send(_ request: ContainerRequest) { supervisor.send(request.frame) }

    // MARK: Rest

    /// A machine that is not used is stopped, and later its processes end; its files stay.
    func rest(after idle: Duration) {
        let request: ContainerRequest? = state.withLock { state in
            if idle >= resting.end, state.rest != .ended {
                state.rest = .ended
                return .endProcesses
            }
            guard idle >= resting.freeze, state.rest == .none else { return nil }
            state.rest = .frozen
            return .freeze
        }
        if let request { send(request) }
    }

    /// Takes note of a use, which ends the rest.
    ///
    /// - Returns: Whether processes were ended meanwhile; said once.
    func wake() -> Bool {
        state.withLock { state in
            defer { (state.rest, state.hasLostProcesses) = (.none, false) }
            return state.hasLostProcesses
        }
    }

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
        begin(.start(number, command), as: number, .onTerminal(terminal))
    }

    /// The terminal of this name.
    func terminal(_ name: String) throws(MachineError) -> MachineTerminal {
        guard let terminal = state.withLock({ $0.terminals[name] }) else { throw MachineError(.noTerminal) }
        return terminal
    }

    /// Types on a terminal; false if its program does not read, and no more can be held for it.
    func type(_ bytes: [UInt8], on terminal: MachineTerminal) -> Bool {
        // Of one whose command has ended there is no window, and what is typed goes nowhere.
        guard !bytes.isEmpty, let window = state.withLock({ $0.windows[terminal.number] }) else { return true }
        guard window.tryTake(bytes.count) else { return terminal.isOver }
        send(.input(terminal.number, bytes))
        return true
    }

    /// Forgets a terminal whose end was said.
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
            case .reserved, nil: break
            }
        case .inputTaken(let number, let bytes): state.withLock { $0.windows[number] }?.giveBack(Int(bytes))
        case .processesEnded(let count): state.withLock { $0.hasLostProcesses = count > 0 }
        case .ended(let number, let outcome): finish(number, .success(outcome))
        }
    }

    private func finish(_ number: UInt32, _ ending: Ending) {
        let (running, window) = state.withLock { state in
            (state.running.removeValue(forKey: number), state.windows.removeValue(forKey: number))
        }
        window?.end()
        switch running {
        case .waitedFor(_, let continuation): continuation.resume(returning: ending)
        case .onTerminal(let terminal): terminal.finish(ending)
        case .reserved, nil: break
        }
    }

    private func endAll(_ error: SessionError) {
        let numbers = state.withLock { state in
            // One that is about to begin will see for itself.
            state.running.filter { if case .reserved = $0.value { false } else { true } }.map(\.key)
        }
        for number in numbers { finish(number, .failure(error)) }
    }
}

extension ContainerRequest {
    /// Nil for a terminal without lines or columns.
    fileprivate init?(_ input: SessionCommandInput, to number: UInt32) {
        switch input {
        case .bytes(let bytes): self = .input(number, bytes)
        case .end: self = .endInput(number)
        case .resize(let size):
            guard let size = TerminalSize(rows: size.rows, columns: size.columns) else { return nil }
            self = .resize(number, size)
        case .signal(let signal): self = .signal(number, signal)
        }
    }
}
