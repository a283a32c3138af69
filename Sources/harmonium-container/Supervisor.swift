import ContainerProtocol
import Glibc
import LinuxIsolation
import LinuxSystem
import SandboxProtocol
import SandboxWorker

/// The work of a container session's supervisor: runs commands for the daemon, many at a time, and keeps their time limits.
///
/// It is their parent. What it forks is confined as it is itself, and gives up more on the way to exec (``CommandProcess``).
/// A command is over when its process has ended and its output too, or 50 ms later: a process that it leaves in the
/// background with its output open holds nothing up.
struct Supervisor: SupervisedWork, ~Copyable {
    private let daemon: DaemonConnection
    private let pool: PoolChannel
    private let memory: SessionMemory
    private let limits: SessionLimits
    private let usual: CommandDefaults
    /// What the session can change of its files.
    private let trees: MachineTrees
    private var data: MachineTree
    private var commands: [RunningCommand] = []
    private var memoryKillsSeen = 0
    private var isOverMemory = false
    private var kept: [(path: String, bytes: UInt64)] = []
    private var keptCount = 0
    private var processes = SessionProcesses()

    /// The most commands at a time.
    private static let commandsMax = 64
    /// How long a process that has ended may stay in the table while commands run.
    private static let reapingMicroseconds: UInt64 = 500_000
    /// The most files with kept output; a further one replaces the oldest.
    private static let keptMax = 8
    /// The part of the session's files that kept output may be, beside the newest.
    private static let keptShare: UInt64 = 4

    /// Runs commands for `daemon`; they have what is `usual` where they say nothing else.
    init(
        daemon: DaemonConnection,
        pool: PoolChannel,
        memory: SessionMemory,
        limits: SessionLimits,
        usual: CommandDefaults,
        trees: MachineTrees,
        data: MachineTree
    ) {
        self.trees = trees
        self.data = data
        self.daemon = daemon
        self.pool = pool
        self.memory = memory
        self.limits = limits
        self.usual = usual
    }

    var isRunning: Bool { !commands.isEmpty }

    func entries(at now: UInt64) -> [PollEntry] {
        commands.flatMap { $0.entries(at: now, hasRoom: daemon.hasRoom) }
    }

    func dueTime(from now: UInt64) -> UInt64? {
        let times = commands.flatMap { command in
            // One that has ended waits for the daemon to take its output; room for that wakes the loop.
            let waits = command.end != nil && !daemon.hasRoom
            return [waits ? nil : command.nextTime, command.relay.nextTime(from: now)]
        }
        // A process that a command has left and that ends wakes nothing, and has to be reaped.
        let look = commands.isEmpty ? nil : now + Supervisor.reapingMicroseconds
        return (times + [processes.dueTime, look]).compactMap { $0 }.min()
    }

    mutating func handle(ready: [PollEntry.Events]) throws {
        // Those that a request has started since have no entries yet.
        for (index, command) in commands.prefix(ready.count / RunningCommand.entryCount).enumerated() {
            let first = index * RunningCommand.entryCount
            if !ready[first + 1].isEmpty {
                command.writeInput()
                tellTaken(by: command)
            }
            if !ready[first + 2].isEmpty { try relayOutput(of: command) }
        }
        try finishThoseOver()
    }

    mutating func handleEnd(of child: Int32, _ end: ProcessEnd) {
        commands.first { $0.process.pid == child && $0.end == nil }?.hasEnded(end)
    }

    mutating func keepTime(at now: UInt64) throws {
        processes.keepTime(at: now)
        for command in commands {
            guard let time = command.nextTime, now >= time, command.end == nil else { continue }
            if command.stop == nil {
                stop(command, .timeLimit)
            } else {
                command.killAll()
                command.nextTime = nil
            }
        }
        try finishThoseOver()
    }

    /// Nothing has run yet that could have shaped its path.
    mutating func reopenData() throws { data = try MachineTree.data }

    mutating func killForMemory() {
        isOverMemory = true
        for command in commands { command.killAll() }
    }

    // MARK: Requests

    mutating func handle(_ request: Frame) throws {
        let request = try ContainerRequest(request)
        if request != .freeze, !commands.contains(where: \.isArchive) { processes.thaw() }
        switch request {
        case .freeze: processes.freeze()
        case .endProcesses:
            let count = processes.end(graceMicroseconds: limits.graceMicroseconds)
            daemon.send(ContainerEvent.processesEnded(UInt32(count)).frame)
        case .start(let number, let command):
            guard !commands.contains(where: { $0.number == number }) else { throw SupervisorError.numberInUse }
            try start(command, number)
        case .save(let number, let peer):
            processes.freeze()
            try move(.save(trees.all + [data]), number, with: peer)
        case .restore(let number, let peer): try move(.restore, number, with: peer)
        case .input(let number, let bytes):
            guard let command = self.command(number) else { return }
            try command.send(bytes)
            tellTaken(by: command)
        case .endInput(let number): command(number)?.endInput()
        case .resize(let number, let size):
            guard let command = command(number), command.hasTerminal else { return }
            try Terminal.resize(command.output, rows: size.rows, columns: size.columns)
        case .signal(let number, let signal): command(number)?.signal(CInt(signal))
        case .stop(let number): if let command = command(number) { stop(command, .request) }
        }
    }

    private func tellTaken(by command: RunningCommand) {
        let bytes = command.takeTakenBytes()
        if bytes > 0 {
            daemon.send(ContainerEvent.inputTaken(command.number, bytes: UInt32(clamping: bytes)).frame)
        }
    }

    private func command(_ number: UInt32) -> RunningCommand? {
        commands.first { $0.number == number && $0.end == nil }
    }

    private mutating func move(_ archive: ArchiveTask, _ number: UInt32, with peer: ArchivePeer) throws {
        guard let command = Command([Array("archive".utf8)]) else { return }
        try start(command, number, archiving: archive, with: peer)
    }

    private mutating func start(
        _ command: Command,
        _ number: UInt32,
        archiving archive: ArchiveTask? = nil,
        with peer: ArchivePeer = .daemon
    ) throws {
        guard commands.count < Supervisor.commandsMax else { return refuse(number, .tooManyCommands) }
        memory.beginRun()
        do throws(SystemError) {
            let channels = try makeChannels(for: command, archiving: archive, with: peer)
            guard let process = try ProcessHandle.fork(into: CgroupHandle()) else {
                CommandProcess.run(
                    command,
                    archiving: archive,
                    usual: usual,
                    group: memory.group,
                    processesMax: limits.processesMax,
                    processes: trees.processes,
                    channels: channels
                )
            }
            commands.append(
                RunningCommand(
                    command,
                    number: number,
                    process: process,
                    channels: channels,
                    isArchive: archive != nil,
                    kept: keptOutput(of: command)
                )
            )
        } catch {
            refuse(number, .resources(error.code))
        }
    }

    private func makeChannels(
        for command: Command,
        archiving archive: ArchiveTask?,
        with peer: ArchivePeer
    ) throws(SystemError) -> CommandChannels {
        // A pipe that waits for the daemon's turn is one of a copy that was refused.
        guard let archive, peer == .session else { return try CommandChannels.make(for: command) }
        guard let other = try pool.takeDescriptor() else {
            throw SystemError("a session to move files to or from", code: ENOTCONN)
        }
        return try CommandChannels.make(for: archive, other)
    }

    private mutating func keptOutput(of command: Command) -> KeptOutput? {
        guard command.keptBeyondBytes > 0 else { return nil }
        keptCount += 1
        return KeptOutput(at: "/tmp/output-\(keptCount).txt", beyondBytes: Int(command.keptBeyondBytes))
    }

    private func refuse(_ number: UInt32, _ failure: CommandOutcome.Failure) {
        let outcome = CommandOutcome(end: .notStarted(failure), stop: nil, microseconds: 0)
        daemon.send(ContainerEvent.ended(number, outcome).frame)
    }

    // MARK: Output and end

    private func relayOutput(of command: RunningCommand) throws(SystemError) {
        if let bytes = try command.readOutput() { relay(bytes, of: command) }
    }

    private func relay(_ bytes: [UInt8], of command: RunningCommand) {
        // Every writer has closed its end; only the end of the process is awaited.
        guard !bytes.isEmpty else { return command.outputHasEnded = true }
        daemon.send(ContainerEvent.output(command.number, bytes).frame)
        command.outputBytes += UInt64(bytes.count)
        command.kept?.append(bytes, memoryLeft: memory.left)
        // A terminal's output is drained for as long as its program lives; who reads it drops what is too much.
        let isBounded = !command.isArchive && !command.hasTerminal
        if isBounded, command.outputBytes > limits.outputBytesMax { stop(command, .outputLimit) }
    }

    /// Asks a command to end; it is killed if it goes on for longer than the grace.
    private func stop(_ command: RunningCommand, _ reason: StopReason) {
        guard command.stop == nil, command.end == nil else { return }
        command.stop = reason
        command.nextTime = monotonicMicroseconds() + limits.graceMicroseconds
        command.terminate()
    }

    /// Sends the outcomes of commands that have ended and whose output has, or whose time for that is up.
    private mutating func finishThoseOver() throws {
        for command in commands {
            guard let end = command.end else { continue }
            while !command.outputHasEnded, daemon.hasRoom, let bytes = try command.readOutput() {
                relay(bytes, of: command)
            }
            let isTimeUp = daemon.hasRoom && monotonicMicroseconds() >= command.nextTime ?? 0
            guard command.outputHasEnded || isTimeUp else { continue }
            try finish(command, end)
        }
        commands.removeAll { $0.isFinished }
    }

    private mutating func finish(_ command: RunningCommand, _ end: ProcessEnd) throws {
        let kills = memory.kills
        let result: CommandOutcome.End
        if let failure = try command.startFailure() {
            result = .notStarted(failure)
        } else {
            switch end {
            case .signaled(UInt8(SIGKILL)) where isOverMemory || kills > memoryKillsSeen: result = .outOfMemory
            case .signaled(let signal): result = .signaled(signal)
            case .exited(let status): result = .exited(status)
            }
        }
        memoryKillsSeen = kills
        command.isFinished = true
        if command.isArchive { processes.thaw() }
        let microseconds = monotonicMicroseconds() - command.startTime
        let outcome = CommandOutcome(
            end: result,
            stop: command.stop,
            microseconds: microseconds,
            keptOutput: takeKept(by: command)
        )
        daemon.send(ContainerEvent.ended(command.number, outcome).frame)
        if commands.allSatisfy(\.isFinished) { isOverMemory = false }
    }
}

extension Supervisor {
    /// The path of what is kept of a command's output, empty if nothing is; the oldest of too many or too large files go.
    private mutating func takeKept(by command: RunningCommand) -> [UInt8] {
        guard let output = command.kept, output.isWhole else { return [] }
        kept.append((output.path, command.outputBytes))
        let bytesMax = min(limits.diskBytes, limits.memoryBytes / 2) / Supervisor.keptShare
        while kept.count > Supervisor.keptMax || kept.count > 1 && kept.reduce(0, { $0 + $1.bytes }) > bytesMax {
            try? Files.remove(kept.removeFirst().path)
        }
        return Array(output.path.utf8)
    }
}

/// A request that the daemon never sends.
enum SupervisorError: Error {
    case numberInUse
    case tooMuchInput
}
