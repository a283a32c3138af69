import Glibc
import LinuxSystem
import PythonProtocol
import SandboxProtocol

/// PID 1 of a session: runs cells on the interpreter for the daemon, and keeps time, order and count.
///
/// It never waits for one side alone: a daemon that does not read stops the interpreter's output, not the clock.
struct Supervisor: ~Copyable {
    private let limits: SessionLimits
    private var daemon: DaemonConnection
    private let source: InterpreterSource
    private var interpreter: Interpreter?
    private var memoryKillsSeen = 0
    /// Whether we killed the interpreter for what the session's processes map.
    private var isOverMemory = false
    private var reports = FrameDecoder()
    private var run: RunInProgress?
    /// What the interpreter has not taken yet of the request for the run.
    private var unhanded: ArraySlice<UInt8> = []
    private let files: FileService
    private var relay = OutputRelay()
    /// Where the kernel does not bound the session's memory.
    private var memory: MemoryWatch?
    /// What the interpreter died of while nothing ran, until the next run can tell.
    private var deathBetweenRuns: Outcome.Death?

    /// Serves the daemon at the other end of `connection`; `source` replaces an interpreter that has died.
    init(
        connection: consuming Descriptor,
        interpreter: Interpreter,
        source: InterpreterSource,
        limits: SessionLimits,
        files: FileService
    ) {
        self.files = files
        self.source = source
        daemon = DaemonConnection(connection)
        self.interpreter = interpreter
        self.limits = limits
        memory = source.memoryHeld == nil ? MemoryWatch(limit: limits.memoryBytes) : nil
    }

    /// Tells the daemon something before all else.
    mutating func announce(_ event: SessionEvent) { daemon.send(event.frame) }

    /// Serves until the daemon closes the connection.
    mutating func serve() throws {
        while true {
            let now = monotonicMicroseconds()
            var entries = [
                PollEntry(daemon.number, daemon.interests),
                PollEntry(interpreter?.process.descriptor.number ?? -1, .read),
                PollEntry(controlInterests.isEmpty ? -1 : interpreter?.control.number ?? -1, controlInterests),
                PollEntry(daemon.hasRoom && relay.isDue(at: now) ? interpreter?.output.number ?? -1 : -1, .read),
            ]
            try poll(&entries, timeoutMicroseconds: timeout(from: now))
            if !entries[0].ready.subtracting(.write).isEmpty {
                guard try daemon.receive() else { return }
                while let request = try daemon.nextRequest() { try handle(request) }
            }
            if !entries[3].ready.isEmpty { try relayOutput() }
            if entries[2].ready.contains(.write) { handOver() }
            if !entries[2].ready.subtracting(.write).isEmpty { try handleReports() }
            if !entries[1].ready.isEmpty { try bury() }
            try keepTime()
            try reapOrphans()
            try daemon.flush()
        }
    }

    // MARK: The clock

    /// Until something must be done unasked, nil for never.
    private func timeout(from now: UInt64) -> UInt64? {
        let times = [run?.nextTime, relay.nextTime(from: now), memory?.dueTime].compactMap { $0 }
        return times.min().map { $0 > now ? $0 - now : 0 }
    }

    private mutating func keepTime() throws {
        let now = monotonicMicroseconds()
        if memory?.showsTooMuch(at: now, isRunning: run != nil) == true {
            isOverMemory = true
            interpreter?.process.signal(SIGKILL)
        }
        guard let run, now >= run.nextTime else { return }
        if run.stop == nil {
            stop(.timeLimit)
        } else if let interpreter {
            interpreter.process.signal(SIGKILL)
            self.run?.isKilled = true
            self.run?.nextTime = .max
        }
    }

    /// Interrupts the run; it is killed if it goes on for longer than the grace.
    private mutating func stop(_ reason: Outcome.Stop) {
        guard run != nil, run?.stop == nil else { return }
        run?.stop = reason
        run?.nextTime = monotonicMicroseconds() + limits.graceMicroseconds
        interpreter?.interrupt()
    }

    // MARK: The daemon

    private mutating func handle(_ request: Frame) throws {
        if let request = try FileRequest(request) {
            let left = source.memoryHeld.map { limits.memoryBytes - min($0, limits.memoryBytes) }
            for event in files.answer(request, memoryLeft: left) { daemon.send(SessionEvent.file(event).frame) }
            return
        }
        switch try PythonRequest(request) {
        case .interrupt: stop(.interrupt)
        case .run(let cell):
            guard run == nil else { throw SupervisorError.runInProgress }
            try begin(cell)
        }
    }

    private mutating func begin(_ cell: PythonRequest.Run) throws {
        if interpreter == nil {
            interpreter = try source.next(isUrgent: true)
            reports = FrameDecoder()
        }
        if let death = deathBetweenRuns {
            daemon.send(PythonEvent.restarted(death).frame)
            deathBetweenRuns = nil
        }
        guard let interpreter else { return }
        try relay.collectBackground(from: interpreter.output)
        if let event = relay.takeBackground() { daemon.send(event.frame) }
        let request = InterpreterRequest(
            nonce: try randomBytes(InterpreterRequest.nonceBytes),
            source: cell.source
        )
        run = RunInProgress(nonce: request.nonce, timeLimit: UInt64(cell.timeLimitMilliseconds) * 1000)
        relay.beginRun()
        memory?.beginRun()
        unhanded = request.frame.encoded[...]
        handOver()
    }

    /// Gives the interpreter as much of the request as its socket takes; the rest follows when there is room.
    ///
    /// A dead or stopped interpreter takes nothing; its end, an interrupt or the time limit is then what the run meets.
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

    private mutating func relayOutput() throws(SystemError) {
        guard let interpreter else { return }
        guard run != nil else { return try relay.collectBackground(from: interpreter.output) }
        guard let bytes = try relay.read(from: interpreter.output) else { return }
        // Every way to write is closed, and the next cell could not open one again.
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

    /// A channel closes when its process ends, which is told a moment later; or when a cell has closed it.
    private mutating func channelClosed() throws(SystemError) {
        guard let interpreter else { return }
        var entries = [PollEntry(interpreter.process.descriptor.number, .read)]
        try poll(&entries, timeoutMicroseconds: 100_000)
        if entries[0].ready.isEmpty { breakOff() }
    }

    /// Ends an interpreter that does not keep to the protocol; ``bury()`` follows when it has gone.
    private mutating func breakOff() {
        run?.hasBrokenProtocol = true
        interpreter?.process.signal(SIGKILL)
    }

    /// Takes the end of the interpreter, and ends whatever it left running.
    private mutating func bury() throws {
        guard let interpreter else { return }
        let end = try interpreter.takeEnd()
        try killAllOthers()
        let kills = source.memoryKills
        defer {
            memoryKillsSeen = kills
            isOverMemory = false
        }
        let death: Outcome.Death =
            switch end {
            case _ where run?.hasBrokenProtocol == true: .brokeProtocol
            case _ where isOverMemory: .outOfMemory
            case .signalled(UInt8(SIGKILL)) where kills > memoryKillsSeen && run?.isKilled != true: .outOfMemory
            case .exited(let status): .exited(status)
            case .signalled(let signal): .signalled(signal)
            }
        if run == nil {
            try relay.collectBackground(from: interpreter.output)
            deathBetweenRuns = death
        } else {
            try finish(.died(death))
        }
        self.interpreter = nil
    }

    /// Sends what the run has written up to here, then its outcome.
    private mutating func finish(_ end: Outcome.End) throws {
        guard let run, let interpreter else { return }
        for bytes in try relay.drain(interpreter.output) { daemon.send(PythonEvent.output(bytes).frame) }
        let outcome = Outcome(end: end, stop: run.stop, microseconds: monotonicMicroseconds() - run.startTime)
        daemon.send(PythonEvent.finished(outcome).frame)
        self.run = nil
        unhanded = []
        relay.endRun()
    }
}

/// A run that has not finished.
private struct RunInProgress {
    let nonce: [UInt8]
    let startTime = monotonicMicroseconds()
    /// When to interrupt it; once that is done, when to kill it.
    var nextTime: UInt64
    var stop: Outcome.Stop?
    var outputBytes: UInt64 = 0
    var richCount = 0
    var hasBrokenProtocol = false
    /// Whether we killed the interpreter, for going on after it was interrupted.
    var isKilled = false

    init(nonce: [UInt8], timeLimit: UInt64) {
        self.nonce = nonce
        nextTime = startTime + timeLimit
    }
}

/// The daemon did what it never does.
enum SupervisorError: Error {
    case runInProgress
}
