import Glibc
import LinuxIsolation
import LinuxSystem
import PythonProtocol
import SandboxProtocol
import SandboxWorker

/// The work of a Python session's supervisor: runs cells on the interpreter for the daemon, and keeps their time limits.
///
/// What can happen to a run, from its request to `finished`:
///
///     begin ──▶ the source goes to the interpreter, as fast as that reads (handOver)
///       │
///       ├─ output ─────────────▶ passed on; too much of it: stop(.outputLimit)
///       ├─ interrupt requested ▶ stop(.request)
///       ├─ deadline ───────────▶ stop(.timeLimit): SIGINT, and `grace` later SIGKILL
///       ├─ too much memory ────▶ SIGKILL, by the kernel or by us
///       ├─ a frame that no interpreter sends, or another nonce ▶ breakOff: SIGKILL
///       │
///       ├─ done(nonce) ────────▶ finish(.completed or .raised)
///       └─ the process ended ──▶ reapInterpreter: kill what it left, finish(.died), no interpreter until the next run
///
/// Only `done` is the interpreter's word, and so untrusted; the rest the supervisor sees by itself. Its channels carry
/// different things and close separately: `control` frames both ways, `output` the standard output and error of the
/// interpreter and its children, `end` (see ``ForkRequest``) its exit status, and the pidfd says that it has ended.
struct Supervisor: SupervisedWork, ~Copyable {
    private let limits: SessionLimits
    private let daemon: DaemonConnection
    private let source: InterpreterSource
    private let memory: SessionMemory
    private var interpreter: Interpreter?
    private var memoryKillsSeen = 0
    /// Whether the supervisor killed the interpreter for what the session's processes map.
    private var isOverMemory = false
    private var reports = FrameDecoder()
    private var run: RunInProgress?
    /// What the interpreter has not read yet of the request for the run.
    private var unhanded: ArraySlice<UInt8> = []
    private var relay = OutputRelay()
    private var background: BackgroundWatch
    /// Whether the supervisor killed the interpreter for what it computed between runs.
    private var isOverBackground = false
    /// How long a process that was killed may take to end.
    private static let endingMicroseconds: UInt64 = 1_000_000
    /// What the interpreter died of while nothing ran, until the next run reports it.
    private var deathBetweenRuns: Outcome.Death?

    /// Runs cells for `daemon` on `interpreter`; `source` replaces one that has died.
    init(
        daemon: DaemonConnection,
        interpreter: Interpreter,
        source: InterpreterSource,
        memory: SessionMemory,
        limits: SessionLimits
    ) {
        self.daemon = daemon
        self.interpreter = interpreter
        self.source = source
        self.memory = memory
        self.limits = limits
        background = BackgroundWatch(limit: limits.backgroundMicroseconds)
    }

    var isRunning: Bool { run != nil }

    func entries(at now: UInt64) -> [PollEntry] {
        [
            PollEntry(interpreter?.process.descriptor.number ?? -1, .read),
            PollEntry(controlInterests.isEmpty ? -1 : interpreter?.control.number ?? -1, controlInterests),
            PollEntry(daemon.hasRoom && relay.isDue(at: now) ? interpreter?.output.number ?? -1 : -1, .read),
        ]
    }

    mutating func handle(ready: [PollEntry.Events]) throws {
        if !ready[2].isEmpty { try relayOutput() }
        if ready[1].contains(.write) { handOver() }
        if !ready[1].subtracting(.write).isEmpty { try handleReports() }
        if !ready[0].isEmpty { try reapIfEnded() }
    }

    /// Only orphans are children of this process; the loop has reaped them, and they mean nothing here.
    func handleEnd(of child: Int32, _ end: ProcessEnd) {}

    // MARK: The clock

    func dueTime(from now: UInt64) -> UInt64? {
        [run?.nextTime, relay.nextTime(from: now), background.dueTime].compactMap { $0 }.min()
    }

    /// The interpreter's working directory is in the one before, so another interpreter takes its place.
    mutating func reopenData() throws {
        guard run == nil, interpreter != nil else { return }
        interpreter?.process.signal(SIGKILL)
        try reapIfEnded(waiting: nil)
        // That it has ended is no loss: nothing has run.
        deathBetweenRuns = nil
        try takeInterpreter()
    }

    mutating func killForMemory() {
        guard let interpreter else { return }
        isOverMemory = true
        interpreter.process.signal(SIGKILL)
    }

    mutating func keepTime(at now: UInt64) throws {
        boundBackground(at: now)
        guard let run, now >= run.nextTime else { return }
        if run.stop == nil {
            stop(.timeLimit)
        } else if let interpreter {
            interpreter.process.signal(SIGKILL)
            self.run?.isKilled = true
            self.run?.nextTime = .max
        }
    }

    /// Ends what earlier runs have left, once it has computed for long enough.
    private mutating func boundBackground(at now: UInt64) {
        guard let interpreter else { return }
        let group = memory
        switch background.excess(at: now, processorTime: { group.group.processorTime() ?? processorTimeOfOthers() }) {
        case nil: break
        case .processes:
            killOthers(sparing: interpreter.process.pid)
            relay.note("[Processes that were left running were ended, for they used too much processor time.]\n")
        case .interpreter:
            isOverBackground = true
            interpreter.process.signal(SIGKILL)
        }
    }

    /// Interrupts the run; it is killed if it goes on for longer than the grace.
    private mutating func stop(_ reason: StopReason) {
        guard run != nil, run?.stop == nil else { return }
        run?.stop = reason
        run?.nextTime = monotonicMicroseconds() + limits.graceMicroseconds
        interpreter?.interrupt()
    }

    // MARK: The daemon

    mutating func handle(_ request: Frame) throws {
        switch try PythonRequest(request) {
        case .interrupt: stop(.request)
        case .run(let cell):
            guard run == nil else { throw SupervisorError.runInProgress }
            try begin(cell)
        }
    }

    private mutating func begin(_ cell: PythonRequest.Run) throws {
        // One that was killed has not always ended yet.
        try reapIfEnded(waiting: isOverBackground || isOverMemory ? Supervisor.endingMicroseconds : 0)
        if interpreter == nil { try takeInterpreter() }
        if let death = deathBetweenRuns {
            daemon.send(PythonEvent.restarted(death).frame)
            deathBetweenRuns = nil
        }
        guard let interpreter else { return }
        try relay.collectBackground(from: interpreter.output)
        if let (tail, dropped) = relay.takeBackground() {
            daemon.send(PythonEvent.backgroundOutput(tail, dropped: dropped).frame)
        }
        let request = InterpreterRequest(
            nonce: try randomBytes(InterpreterRequest.nonceBytes),
            source: cell.source
        )
        run = RunInProgress(nonce: request.nonce, timeLimit: UInt64(cell.timeLimitMilliseconds) * 1000)
        relay.restart()
        memory.beginRun()
        background.stop()
        unhanded = request.frame.encoded[...]
        handOver()
    }

    /// Writes as much of the request to the interpreter's socket as there is room for; the rest follows later.
    ///
    /// A dead or stopped interpreter reads nothing; then its end, an interrupt or the time limit ends the run.
    private mutating func handOver() {
        guard let interpreter else { return }
        do throws(SystemError) {
            unhanded = unhanded.dropFirst(try interpreter.control.write(unhanded))
        } catch {
            unhanded = []
        }
    }

    /// What to wait for on the interpreter's channel.
    private var controlInterests: PollEntry.Events {
        PollEntry.Events(daemon.hasRoom ? [.read] : []).union(unhanded.isEmpty ? [] : [.write])
    }

    // MARK: The interpreter

    private mutating func takeInterpreter() throws {
        interpreter = try source.next(isUrgent: true)
        reports = FrameDecoder()
    }

    private mutating func relayOutput() throws(SystemError) {
        guard let interpreter else { return }
        guard run != nil else { return try relay.collectBackground(from: interpreter.output) }
        guard let bytes = try relay.read(from: interpreter.output) else { return }
        // Every writer has closed its end, and the next cell could not open one again.
        guard !bytes.isEmpty else { return try channelClosed() }
        daemon.send(PythonEvent.output(bytes).frame)
        run?.outputBytes += UInt64(bytes.count)
        if let run, run.outputBytes > limits.outputBytesMax { stop(.outputLimit) }
    }

    private mutating func handleReports() throws {
        guard let interpreter else { return }
        do {
            guard let bytes = try interpreter.control.read(upTo: 1 << 16) else { return }
            guard !bytes.isEmpty else { return try channelClosed() }
            reports.append(bytes)
            while let frame = try reports.next() {
                switch try InterpreterReport(frame) {
                case .rich(let rich): try show(rich)
                case .done(let nonce, let hasRaised):
                    guard let run, run.nonce == nonce else { return breakOff() }
                    try finish(hasRaised ? .raised : .completed)
                case .started, .ready, .failed: return breakOff()
                }
            }
        } catch is FrameError {
            breakOff()
        } catch let error as SystemError {
            guard error.code == ECONNRESET else { throw error }
            try channelClosed()
        }
    }

    private mutating func show(_ rich: RichOutput) throws {
        guard let run, run.richCount < RichOutput.perRunMax else { return breakOff() }
        self.run?.richCount += 1
        daemon.send(PythonEvent.rich(rich).frame)
    }

    /// A channel closes when its process ends, which the pidfd shows a moment later; or when a cell has closed it.
    private mutating func channelClosed() throws(SystemError) {
        guard let interpreter else { return }
        var entries = [PollEntry(interpreter.process.descriptor.number, .read)]
        try poll(&entries, timeoutMicroseconds: 100_000)
        if entries[0].ready.isEmpty { breakOff() }
    }

    /// Kills an interpreter that breaks the protocol; ``reapInterpreter()`` follows when it has ended.
    private mutating func breakOff() {
        run?.hasBrokenProtocol = true
        interpreter?.process.signal(SIGKILL)
    }

    /// Reaps the interpreter if it has ended: also just before a run, which gets another, so that the descriptor that was
    /// ready may be of the one before.
    ///
    /// It waits for the end for as long as it takes where `microseconds` is nil.
    private mutating func reapIfEnded(waiting microseconds: UInt64? = 0) throws {
        guard let interpreter else { return }
        var entries = [PollEntry(interpreter.process.descriptor.number, .read)]
        try poll(&entries, timeoutMicroseconds: microseconds)
        if !entries[0].ready.isEmpty { try reapInterpreter() }
    }

    /// Takes the exit status of the interpreter, and kills all that it left running.
    private mutating func reapInterpreter() throws {
        guard let interpreter else { return }
        let end = try interpreter.takeEnd()
        try killAllOthers()
        let kills = memory.kills
        defer {
            memoryKillsSeen = kills
            isOverMemory = false
            isOverBackground = false
        }
        let death: Outcome.Death =
            switch end {
            // Before the protocol: the channels of a process that is killed close before it has ended.
            case _ where isOverMemory: .outOfMemory
            case .signaled(UInt8(SIGKILL)) where kills > memoryKillsSeen && run?.isKilled != true: .outOfMemory
            case _ where isOverBackground: .backgroundLimit
            case _ where run?.hasBrokenProtocol == true: .brokeProtocol
            case .exited(let status): .exited(status)
            case .signaled(let signal): .signaled(signal)
            }
        if run == nil {
            try relay.collectBackground(from: interpreter.output)
            deathBetweenRuns = death
        } else {
            try finish(.died(death))
        }
        self.interpreter = nil
        background.stop()
    }

    /// Sends what the run has written up to here, then its outcome.
    private mutating func finish(_ end: Outcome.End) throws {
        guard let run, let interpreter else { return }
        for bytes in try relay.drain(interpreter.output) { daemon.send(PythonEvent.output(bytes).frame) }
        let outcome = Outcome(end: end, stop: run.stop, microseconds: monotonicMicroseconds() - run.startTime)
        daemon.send(PythonEvent.finished(outcome).frame)
        self.run = nil
        unhanded = []
        relay.restart()
        background.endRun(at: monotonicMicroseconds())
    }
}

/// A run that has not finished.
private struct RunInProgress {
    let nonce: [UInt8]
    let startTime = monotonicMicroseconds()
    /// When to interrupt it; once that is done, when to kill it.
    var nextTime: UInt64
    var stop: StopReason?
    var outputBytes: UInt64 = 0
    var richCount = 0
    var hasBrokenProtocol = false
    /// Whether the supervisor killed the interpreter because it went on after an interrupt.
    var isKilled = false

    init(nonce: [UInt8], timeLimit: UInt64) {
        self.nonce = nonce
        nextTime = startTime + timeLimit
    }
}

/// A request that the daemon never sends.
enum SupervisorError: Error {
    case runInProgress
}
