import ContainerProtocol
import LinuxIsolation
import LinuxSystem

/// What connects a supervisor with a command: both ends, from before the fork on.
struct CommandChannels: ~Copyable {
    /// Where the supervisor writes what the command reads.
    let input: Descriptor
    /// Where it reads what the command writes.
    let output: Descriptor
    /// The command's end of its input; of a terminal the slave.
    let standardInput: Descriptor
    /// The command's end of its output and errors.
    let standardOutput: Descriptor
    /// Where the command's process reports why it cannot be started; exec closes it.
    let failure: Pipe

    /// A terminal if the command asks for one, and pipes otherwise. The supervisor's ends do not block.
    static func make(for command: Command) throws(SystemError) -> CommandChannels {
        if let size = command.terminal { return try terminal(size).notBlocking() }
        return try pipes().notBlocking()
    }

    /// The same, with the supervisor's ends not blocking.
    private consuming func notBlocking() throws(SystemError) -> CommandChannels {
        try input.setNonBlocking()
        try output.setNonBlocking()
        try failure.readEnd.setNonBlocking()
        return self
    }

    /// The channels of a process that moves files, for which `other` is an end of a pipe to another session.
    static func make(for archive: ArchiveTask, _ other: consuming Descriptor) throws(SystemError) -> CommandChannels {
        let toCommand = try Pipe()
        let fromCommand = try Pipe()
        let readEnd: Descriptor
        let writeEnd: Descriptor
        switch archive {
        case .save:
            readEnd = try toCommand.readEnd.duplicate(from: 3)
            writeEnd = other
        case .restore:
            readEnd = other
            writeEnd = try fromCommand.writeEnd.duplicate(from: 3)
        }
        return try CommandChannels(
            input: toCommand.writeEnd.duplicate(from: 3),
            output: fromCommand.readEnd.duplicate(from: 3),
            standardInput: readEnd,
            standardOutput: writeEnd,
            failure: Pipe()
        ).notBlocking()
    }

    private static func terminal(_ size: TerminalSize) throws(SystemError) -> CommandChannels {
        let terminal = try Terminal(through: "/dev/pts/ptmx")
        try Terminal.resize(terminal.master, rows: size.rows, columns: size.columns)
        return CommandChannels(
            input: try terminal.master.duplicate(from: 3),
            output: try terminal.master.duplicate(from: 3),
            standardInput: try terminal.slave.duplicate(from: 3),
            standardOutput: try terminal.slave.duplicate(from: 3),
            failure: try Pipe()
        )
    }

    private static func pipes() throws(SystemError) -> CommandChannels {
        let toCommand = try Pipe()
        let fromCommand = try Pipe()
        return CommandChannels(
            input: try toCommand.writeEnd.duplicate(from: 3),
            output: try fromCommand.readEnd.duplicate(from: 3),
            standardInput: try toCommand.readEnd.duplicate(from: 3),
            standardOutput: try fromCommand.writeEnd.duplicate(from: 3),
            failure: try Pipe()
        )
    }
}
