import ContainerProtocol
import Glibc
import LinuxIsolation
import LinuxSystem

/// What a command's process does between fork and exec. It may only set itself up: the supervisor waits for nothing of it.
enum CommandProcess {
    /// What container root keeps of its rights: those over its own files, users, processes and ports.
    private static let rights: Capabilities = [
        .changeOwner, .overrideFilePermissions, .owner, .keepSetID, .kill, .setGroup, .setUser, .dropCapabilities,
        .bindPorts, .changeRoot,
    ]

    static func run(
        _ command: Command,
        archiving archive: ArchiveTask?,
        usual: CommandDefaults,
        group: borrowing CgroupHandle,
        processesMax: UInt64,
        processes: CInt,
        channels: consuming CommandChannels
    ) -> Never {
        do throws(StartFailure) {
            try StartFailure.resources { () throws(SystemError) in
                try confine(group, processesMax: processesMax, processes: processes)
            }
            try StartFailure.resources { () throws(SystemError) in
                try connect(channels, hasTerminal: command.terminal != nil, keeping: archive?.numbers ?? [])
            }
            // From here on it has no more rights than the session's root, who has made what is looked at next.
            try StartFailure.resources { () throws(SystemError) in try rights.become(user: 0, group: 0) }
            // Files are moved as root in any case.
            let user = command.user.isEmpty && archive == nil ? usual.user : command.user
            let account = try become(user)
            try enter(command.workingDirectory, otherwise: usual.directory)
            if let archive {
                try StartFailure.resources { () throws(SystemError) in try archive.run() }
                ThisProcess.exit(0)
            }
            do throws(SystemError) {
                try ThisProcess.execute(
                    command.arguments,
                    environment: usual.variables(of: command, as: account)
                )
            } catch {
                throw StartFailure(.program(error.code))
            }
        } catch {
            try? channels.failure.writeEnd.writeAll(error.encoded)
        }
        ThisProcess.exit(127)
    }

    private static func confine(
        _ group: borrowing CgroupHandle,
        processesMax: UInt64,
        processes: CInt
    ) throws(SystemError) {
        try group.enter()
        try ResourceLimits.boundProcesses(max: processesMax)
        try ThisProcess.startSession()
        try ThisProcess.dieWithParent()
        // Exec keeps what is ignored or blocked, and the worker's parent may have done either.
        ThisProcess.resetSignals()
        // Before the supervisor, which counts in the same group and without which the session is lost.
        try ThisProcess.setDumpable(true)
        try ThisProcess.offerToMemoryKiller(through: "/proc/self/fd/\(processes)")
        // Up to exec, which undoes it, this memory is a copy of the supervisor's.
        try ThisProcess.setDumpable(false)
        try ThisProcess.lowerPriority()
    }

    private static func connect(
        _ channels: borrowing CommandChannels,
        hasTerminal: Bool,
        keeping kept: [CInt]
    ) throws(SystemError) {
        if hasTerminal { try Terminal.control(channels.standardInput) }
        try channels.standardInput.replace(STDIN_FILENO)
        try channels.standardOutput.replace(STDOUT_FILENO)
        try channels.standardOutput.replace(STDERR_FILENO)
        try closeDescriptors(from: 3, except: [channels.failure.writeEnd.number] + kept)
    }

    private static func become(_ user: [UInt8]) throws(StartFailure) -> Account {
        guard let account = Account(user) else { throw StartFailure(.unknownUser) }
        guard account.user != 0 || account.group != 0 else { return account }
        try StartFailure.resources { () throws(SystemError) in
            let rights = account.user == 0 ? rights : []
            try rights.become(user: account.user, group: account.group)
        }
        return account
    }

    /// Goes to `directory`. Without one it goes to the `usual` one or, if that is not there any more, to the root.
    private static func enter(_ directory: [UInt8], otherwise usual: [UInt8]) throws(StartFailure) {
        do throws(SystemError) {
            if !directory.isEmpty { return try ThisProcess.changeDirectory(directory) }
            if !usual.isEmpty, (try? ThisProcess.changeDirectory(usual)) != nil { return }
            try ThisProcess.changeDirectory(Array("/".utf8))
        } catch {
            throw StartFailure(.workingDirectory(error.code))
        }
    }
}

/// Why a command could not be started, on its way from its process to the supervisor.
struct StartFailure: Error {
    let failure: CommandOutcome.Failure

    init(_ failure: CommandOutcome.Failure) {
        self.failure = failure
    }

    /// Runs a step that fails only for want of something.
    static func resources(_ step: () throws(SystemError) -> Void) throws(StartFailure) {
        do throws(SystemError) {
            try step()
        } catch {
            throw StartFailure(.resources(error.code))
        }
    }

    /// A byte for the step, and the `errno` as another.
    var encoded: [UInt8] {
        switch failure {
        case .workingDirectory(let code): [0, UInt8(truncatingIfNeeded: code)]
        case .program(let code): [1, UInt8(truncatingIfNeeded: code)]
        case .resources(let code): [2, UInt8(truncatingIfNeeded: code)]
        case .unknownUser: [3, 0]
        case .tooManyCommands: [4, 0]
        }
    }

    init?(encoded bytes: [UInt8]) {
        guard bytes.count == 2 else { return nil }
        let code = Int32(bytes[1])
        switch bytes[0] {
        case 0: failure = .workingDirectory(code)
        case 1: failure = .program(code)
        case 2: failure = .resources(code)
        case 3: failure = .unknownUser
        default: return nil
        }
    }
}
