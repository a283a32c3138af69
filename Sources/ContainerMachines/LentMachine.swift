internal import ContainerProtocol
internal import ContainerTool
internal import Sessions
internal import Synchronization

/// A session's machine for the time of one call.
struct LentMachine: Machine {
    let connection: MachineConnection
    /// What the session has lost since its last call.
    let loss: MachineLoss?
    let grace: Duration

    /// How large a terminal is that a model writes to, as most terminals are at their beginning.
    private static let terminalSize = TerminalSize(rows: 24, columns: 80)
    /// How long reading or writing a file may take, in milliseconds.
    private static let fileMilliseconds: UInt32 = 20_000

    var terminals: Terminals { connection.terminalTexts }

    func run(
        _ command: ExecCommand,
        handler: @escaping @Sendable (MachineEvent) async -> Void
    ) async throws -> ExecEnd {
        if let loss { await handler(.loss(loss)) }
        guard let request = command.request(on: nil) else { throw MachineError(.tooLong) }
        let number = connection.nextNumber()
        _ = await connection.send(.end, to: number)
        let outcome = try await connection.run(request, as: number, grace: grace, handler: handler)
        try Task.checkCancellation()
        if case .notStarted(.tooManyCommands) = outcome.end { throw MachineError(.tooManyCommands) }
        if let reason = outcome.reason(of: command.arguments[0], in: command.directory, as: command.user) {
            await handler(.output(Array((reason + "\n").utf8)))
        }
        return outcome.asExecEnd
    }

    func openTerminal(_ name: String, running command: ExecCommand) async throws {
        guard let request = command.request(on: LentMachine.terminalSize) else { throw MachineError(.tooLong) }
        try connection.openTerminal(name, running: request)
    }

    func useTerminal(
        _ name: String,
        typing bytes: [UInt8],
        wait: TerminalWait,
        handler: @escaping @Sendable (MachineEvent) async -> Void
    ) async throws -> ExecEnd? {
        if let loss { await handler(.loss(loss)) }
        let terminal = try connection.terminal(name)
        guard connection.type(bytes, on: terminal) else { throw MachineError(.terminalFull) }
        let ending = try await terminal.watch(for: wait.limit, endsWhenQuiet: wait.endsWhenQuiet) { news in
            if news.dropped > 0 { await handler(.dropped(news.dropped)) }
            await handler(.output(news.bytes))
        }
        guard let ending else { return nil }
        connection.forget(name, terminal)
        let outcome = try ending.get()
        if case .notStarted(.tooManyCommands) = outcome.end { throw MachineError(.tooManyCommands) }
        if let reason = outcome.reason(of: nil, in: nil, as: nil) {
            await handler(.output(Array((reason + "\n").utf8)))
        }
        return outcome.asExecEnd
    }

    func readFile(_ path: String, as user: String?, bytesMax: Int) async throws -> [UInt8] {
        let content = Mutex<[UInt8]>([])
        // One byte more than may be, to see that there is more. What is no file has no end.
        let script = #"test -f "$0" || { echo "$0 is not a regular file" >&2; exit 1; }; exec head -c "$1" -- "$0""#
        let outcome = try await run(script, [path, "\(bytesMax + 1)"], as: user) { bytes in
            // The shell is the session's own and may write what it likes.
            content.withLock { $0 += bytes.prefix(bytesMax + 1 - $0.count) }
        }
        let bytes = content.withLock { $0 }
        guard outcome.end == .exited(0) else { throw MachineError(.file(reason(in: bytes))) }
        guard bytes.count <= bytesMax else {
            throw MachineError(.file("\(path) is too large: at most \(bytesMax) bytes can be read"))
        }
        return bytes
    }

    func writeFile(_ path: String, _ content: [UInt8]) async throws {
        let said = Mutex<[UInt8]>([])
        let outcome = try await run(#"cat > "$0""#, [path], as: "0:0", input: content) { bytes in
            said.withLock { $0 += bytes.prefix(4096 - $0.count) }
        }
        guard outcome.end == .exited(0) else { throw MachineError(.file(reason(in: said.withLock { $0 }))) }
    }

    private func run(
        _ script: String,
        _ arguments: [String],
        as user: String?,
        input: [UInt8] = [],
        output: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> CommandOutcome {
        let command = Command(
            (["/bin/sh", "-c", script] + arguments).map { Array($0.utf8) },
            user: Array((user ?? "").utf8),
            timeLimitMilliseconds: LentMachine.fileMilliseconds
        )
        guard let command else { throw MachineError(.tooLong) }
        let number = connection.nextNumber()
        async let sending: Void = type(input, to: number)
        let outcome = try await connection.run(command, as: number, grace: grace) { event in
            if case .output(let bytes) = event { output(bytes) }
        }
        await sending
        try Task.checkCancellation()
        return outcome
    }

    /// Sends all that a command is to read.
    private func type(_ input: [UInt8], to number: UInt32) async {
        if await connection.send(.bytes(input), to: number) { _ = await connection.send(.end, to: number) }
    }

    /// The first line that a program has complained with.
    private func reason(in output: [UInt8]) -> String {
        let line = String(decoding: output, as: UTF8.self).split(separator: "\n").first.map(String.init)
        return line ?? "the file could not be reached"
    }
}

extension ExecCommand {
    /// The command as a supervisor takes it; nil if it is too long or has a NUL.
    fileprivate func request(on terminal: TerminalSize?) -> Command? {
        Command(
            arguments,
            environment: environment,
            directory: directory,
            user: user,
            terminal: terminal,
            // A terminal goes on after the call that has opened it.
            timeLimit: terminal == nil ? timeLimit : nil,
            keptBeyondBytes: terminal == nil ? keptBeyondBytes ?? 0 : 0
        )
    }
}
