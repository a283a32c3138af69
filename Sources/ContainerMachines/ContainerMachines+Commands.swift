internal import ContainerProtocol
internal import ContainerTool
internal import SandboxProtocol
public import Sessions

extension ContainerMachines: SessionCommands {
    /// Runs a command in a session, with input as it is sent.
    ///
    /// - Throws: `SessionError`, and `CancellationError` once the command that was cancelled has ended.
    public func run(
        _ command: SessionCommand,
        in use: SessionUse,
        handler: @escaping @Sendable (SessionCommandEvent) async -> Void
    ) async throws -> SessionCommandEnd {
        guard let request = command.request else { throw SessionError(.callTooLong) }
        return try await registry.use(use) { connection, _ in
            _ = connection.wake()
            let number = connection.nextNumber()
            await handler(.started(number))
            let outcome = try await connection.run(request, as: number, grace: grace) { event in
                if case .output(let bytes) = event { await handler(.output(bytes)) }
            }
            try Task.checkCancellation()
            if let reason = outcome.reason(of: command.arguments[0], in: command.directory, as: command.user) {
                await handler(.output(Array((reason + "\n").utf8)))
            }
            let end = outcome.asExecEnd
            return SessionCommandEnd(
                exitCode: end.exitCode,
                timedOut: end.stop == .timeLimit,
                duration: end.duration
            )
        }
    }

    /// Sends something to a command that runs; false if none has this number.
    public func send(_ input: SessionCommandInput, to number: UInt32, in session: SessionID) async -> Bool {
        guard let connection = await registry.currentState(of: session) else { return false }
        return await connection.send(input, to: number)
    }
}

extension SessionCommand {
    fileprivate var request: Command? {
        Command(
            arguments,
            environment: environment,
            directory: directory,
            user: user,
            terminal: terminal.flatMap { TerminalSize(rows: $0.rows, columns: $0.columns) },
            timeLimit: timeLimit
        )
    }
}
