import ContainerProtocol
import Glibc
import LinuxIsolation
import LinuxSystem
import SandboxProtocol
import SandboxWorker

/// A command that has been started, as its supervisor holds it.
final class RunningCommand {
    let number: UInt32
    let process: ProcessHandle
    /// What it and its children write, in one order: a pipe, or the master of its terminal.
    let output: Descriptor
    let hasTerminal: Bool
    /// Where to write what it reads; nil once that is closed. A terminal's is another descriptor of its master.
    private var input: InputChannel?
    private let failure: Descriptor
    private var unread: ArraySlice<UInt8> = []
    private var closesInput = false
    /// Input that was taken, or can no longer be, since the daemon last heard of it.
    private var takenBytes = 0
    var relay = OutputRelay()
    let startTime = monotonicMicroseconds()
    /// When to stop it; once that is done, when to kill it; nil for never.
    var nextTime: UInt64?
    var stop: StopReason?
    var outputBytes: UInt64 = 0
    /// Whether it writes the session's files, and its output has their size.
    let isArchive: Bool
    /// Keeps all it writes; nil if that is not wanted.
    let kept: KeptOutput?
    /// Whether every writer has closed its end of the output.
    var outputHasEnded = false
    /// Whether its outcome was sent.
    var isFinished = false
    /// How it ended; output may still come from processes that it has left.
    private(set) var end: ProcessEnd?

    /// How long output of processes that a command has left still counts as its own.
    private static let restMicroseconds: UInt64 = 50_000

    /// Takes over the supervisor's ends of `channels`; the command's close with the rest.
    init(
        _ command: Command,
        number: UInt32,
        process: consuming ProcessHandle,
        channels: consuming CommandChannels,
        isArchive: Bool,
        kept: KeptOutput?
    ) {
        self.isArchive = isArchive
        self.number = number
        self.kept = kept
        self.process = process
        hasTerminal = command.terminal != nil
        if command.timeLimitMilliseconds > 0 { nextTime = startTime + UInt64(command.timeLimitMilliseconds) * 1000 }
        input = InputChannel(channels.input)
        output = channels.output
        failure = channels.failure.intoReadEnd()
    }

    /// What to wait for: its end, room for its input, and its output while `hasRoom`.
    func entries(at now: UInt64, hasRoom: Bool) -> [PollEntry] {
        [
            PollEntry(end == nil ? process.descriptor.number : -1, .read),
            PollEntry(unread.isEmpty ? -1 : input?.number ?? -1, .write),
            PollEntry(hasRoom && !outputHasEnded && relay.isDue(at: now) ? output.number : -1, .read),
        ]
    }

    static let entryCount = 3

    /// Keeps bytes for the command to read, and writes as many as there is room for.
    ///
    /// - Throws: ``SupervisorError/tooMuchInput`` for more than may be held.
    func send(_ bytes: [UInt8]) throws(SupervisorError) {
        guard input != nil, !closesInput else { return takenBytes += bytes.count }
        guard unread.count + bytes.count <= ContainerRequest.inputBytesMax else { throw .tooMuchInput }
        unread += bytes
        // What answers it is read at once.
        relay.restart()
        writeInput()
    }

    /// How many bytes of input were taken since the last call.
    func takeTakenBytes() -> Int {
        defer { takenBytes = 0 }
        return takenBytes
    }

    /// Closes its standard input after what was sent; on a terminal that is a character.
    func endInput() {
        if hasTerminal { unread.append(4) } else { closesInput = true }
        writeInput()
    }

    /// Writes as much input as there is room for.
    func writeInput() {
        guard let input else { return }
        do throws(SystemError) {
            let count = try input.write(unread)
            unread = unread.dropFirst(count)
            takenBytes += count
        } catch {
            // Nothing reads it any more.
            takenBytes += unread.count
            unread = []
            self.input = nil
        }
        if unread.isEmpty && closesInput { self.input = nil }
    }

    /// What it has written, at most 64 KiB: nil if nothing yet, empty if nothing can come any more.
    func readOutput() throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try relay.read(from: output)
        } catch {
            // How a terminal says that no process has it open any more.
            guard hasTerminal, error.code == EIO else { throw error }
            return []
        }
    }

    /// It has ended; what it has left may write on for a moment.
    func hasEnded(_ end: ProcessEnd) {
        self.end = end
        nextTime = monotonicMicroseconds() + RunningCommand.restMicroseconds
        relay.restart()
    }

    /// Why it could not be started; nil if it was.
    func startFailure() throws(SystemError) -> CommandOutcome.Failure? {
        try failure.read(upTo: 2).flatMap { StartFailure(encoded: $0)?.failure }
    }

    /// Signals its process group, or its terminal's foreground group.
    func signal(_ number: CInt) {
        let foreground = hasTerminal ? Terminal.foregroundGroup(of: output) : nil
        signalGroup(ledBy: foreground ?? process.pid, number)
    }

    /// Asks all processes of the session (setsid) that the command leads to end.
    func terminate() {
        for process in processes { _ = kill(process, SIGTERM) }
    }

    /// Kills all processes of the session that the command leads.
    ///
    /// They are stopped first: those that fork all the time would otherwise have new ones before the last was killed.
    func killAll() {
        var stopped: Set<Int32> = []
        for _ in 0..<RunningCommand.passesMax {
            let others = Set(processes).subtracting(stopped)
            guard !others.isEmpty else { break }
            for process in others { _ = kill(process, SIGSTOP) }
            stopped.formUnion(others)
        }
        for process in stopped { _ = kill(process, SIGKILL) }
    }

    private static let passesMax = 20

    /// The processes of the session that the command leads, as `/proc` lists them. None once it has ended: its number may
    /// be another's.
    private var processes: [Int32] {
        guard end == nil else { return [] }
        let leader = process.pid
        return Files.names(in: "/proc").compactMap { Int32($0) }.filter { process in
            // Which may not have come to begin the session.
            if process == leader { return true }
            let line = (try? Files.readText("/proc/\(process)/stat")) ?? ""
            // After the name, which may hold anything: state, parent, group, session.
            let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 3 && Int32(fields[3]) == leader
        }
    }
}

/// Holds a descriptor, so that it can be let go of.
private final class InputChannel {
    private let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    var number: CInt { descriptor.number }

    func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int { try descriptor.write(bytes) }
}
