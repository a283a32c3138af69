internal import JSON
internal import Logging
internal import MCP

/// `exec`: runs a command, on a terminal if the model names one.
struct ExecTool: Tool {
    let machines: any MachineSource
    let settings: ContainerSettings

    /// How long a new terminal is waited for, unless the time limit is shorter.
    private static let terminalWaitMax = Duration.seconds(1)

    /// What models were trained with, to the letter and in this order.
    var description: ToolDescription {
        ToolDescription(
            name: "exec",
            title: "Run a command",
            description: """
                Returns the output of the command. Allocates an interactive pseudo-TTY if (and only if)
                `session_name` is set.
                """,
            inputSchema: .arguments(
                [
                    "cmd": ["type": "array", "items": ["type": "string"]],
                    "session_name": .parameter("string", sessionName),
                    "workdir": .parameter("string", "The working directory for the command."),
                    "timeout": .parameter("number", timeout),
                    // As a list of one type it is declared as `object`, otherwise as an object without members.
                    "env": ["type": ["object"]],
                    "user": .parameter("string", "The user to run the command as."),
                ],
                required: ["cmd"]
            ),
            hints: ToolDescription.Hints(isReadOnly: false, isDestructive: true)
        )
    }

    private var sessionName: String {
        "Set an exec session name to allocate a pseudo-TTY for the output (e.g. to run a shell). Session names must be "
            + "unique per-container. After a session is closed its name may be recycled."
    }

    private var timeout: String { "The maximum time to wait for the command to complete in milliseconds." }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let arguments: ExecArguments
        do throws(CallArguments.Refusal) {
            arguments = try ExecArguments(call.arguments, settings: settings)
        } catch {
            return ToolResult(text: error.text, isError: true)
        }
        let text = ExecOutput(settings, output: output)
        do {
            return try await machines.withMachine(of: call.session) { machine in
                if let terminal = arguments.terminal {
                    return try await open(terminal, running: arguments, on: machine, text)
                }
                let end = try await machine.run(arguments.command) { await text.handle($0) }
                return await text.finish(end, remark: arguments.remark, timeLimit: arguments.command.timeLimit)
            }
        } catch let error as MachineError {
            Logger.current.debug("Command not carried out", metadata: ["error": "\(error)"])
            return await text.fail(error, terminal: arguments.terminal)
        }
    }

    private func open(
        _ name: String,
        running arguments: ExecArguments,
        on machine: any Machine,
        _ text: ExecOutput
    ) async throws -> ToolResult {
        try await machine.openTerminal(name, running: arguments.command)
        await machine.terminals.open(name)
        let wait = TerminalWait(limit: min(arguments.command.timeLimit, Self.terminalWaitMax), endsWhenQuiet: true)
        return try await machine.use(name, typing: [], wait: wait, isRaw: arguments.isRaw, text)
    }
}

extension Machine {
    /// Types on a terminal, and makes a result of what it shows then or, where `isRaw`, of what was written to it.
    func use(
        _ name: String,
        typing bytes: [UInt8],
        wait: TerminalWait,
        isRaw: Bool,
        _ text: ExecOutput
    ) async throws -> ToolResult {
        let end = try await useTerminal(name, typing: bytes, wait: wait) { event in
            switch event {
            case .output(let bytes):
                // Kept up to date in any case, for the calls that follow.
                let shown = await terminals.append(bytes, to: name)
                if isRaw { await text.handle(event) } else { await text.showText(shown) }
            case .loss, .dropped: await text.handle(event)
            }
        }
        let rest = await terminals.flush(name)
        if !isRaw { await text.showText(rest) }
        if end != nil { await terminals.close(name) }
        return await text.finish(terminal: end)
    }
}
