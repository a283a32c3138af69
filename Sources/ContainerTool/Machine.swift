public import MCP

/// Where the machines of sessions come from.
public protocol MachineSource: Sendable {
    /// Lends `body` the machine of a session, which is started if there is none; starting it is part of no call's time.
    ///
    /// - Throws: ``MachineError``, `CancellationError`, or what `body` throws.
    func withMachine<Value: Sendable>(
        of session: SessionKey,
        _ body: (any Machine) async throws -> Value
    ) async throws -> Value

    /// Ends the machine of a session with all that runs on it, if there is one.
    func end(_ session: SessionKey) async
}

/// The Linux machine of one session: files, processes and terminals that stay from call to call.
///
/// What it throws is a ``MachineError``, or `CancellationError` once the caller's task is cancelled; what it started for
/// a cancelled call is ended.
public protocol Machine: Sendable {
    /// What its terminals show; lives as long as the machine.
    var terminals: Terminals { get }

    /// Runs a command without a terminal until it exits, and gives `handler` what it writes to standard output and error,
    /// in the order in which it was written. The handler is awaited before more is read.
    ///
    /// What cannot be started, such as a program or a user that is not there, has written why, and exits with 126 or 127.
    func run(
        _ command: ExecCommand,
        handler: @escaping @Sendable (MachineEvent) async -> Void
    ) async throws -> ExecEnd

    /// Starts a command on a terminal of its own that is known by `name` from then on.
    func openTerminal(_ name: String, running command: ExecCommand) async throws

    /// Writes to a terminal what a person would type, waits, and gives `handler` what was written to it since last time.
    ///
    /// - Returns: How the terminal's command ended; nil while it runs. A terminal that has ended is known no more after
    ///   this was said once.
    func useTerminal(
        _ name: String,
        typing bytes: [UInt8],
        wait: TerminalWait,
        handler: @escaping @Sendable (MachineEvent) async -> Void
    ) async throws -> ExecEnd?

    /// All of a regular file of at most `bytesMax` bytes, as a user of the machine sees it; who is usual if nil.
    func readFile(_ path: String, as user: String?, bytesMax: Int) async throws -> [UInt8]

    /// Makes or replaces a regular file as root.
    func writeFile(_ path: String, _ content: [UInt8]) async throws
}

/// A program to run.
public struct ExecCommand: Equatable, Sendable {
    /// The program and its arguments; at least one.
    public let arguments: [String]
    /// The working directory; what is usual on the machine if nil.
    public let directory: String?
    /// What is added to the machine's environment.
    public let environment: [String: String]
    /// A name, or `uid` or `uid:gid` in decimal; who is usual on the machine if nil.
    public let user: String?
    /// After how long it is ended, with all processes of its session; not those that began one of their own.
    public let timeLimit: Duration
    /// Once it has written more than this many bytes, the machine keeps all it writes in a file; nil keeps nothing.
    public let keptBeyondBytes: Int?

    init(
        arguments: [String],
        directory: String? = nil,
        environment: [String: String] = [:],
        user: String? = nil,
        timeLimit: Duration,
        keptBeyondBytes: Int? = nil
    ) {
        precondition(!arguments.isEmpty, "a command without a program")
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
        self.user = user
        self.timeLimit = timeLimit
        self.keptBeyondBytes = keptBeyondBytes
    }
}

/// How long to wait for what a terminal shows.
public struct TerminalWait: Equatable, Sendable {
    /// The longest, from when everything was typed.
    public let limit: Duration
    /// Whether to wait no longer once something was written and nothing more has come for a while.
    public let endsWhenQuiet: Bool
}

/// What comes from a machine while a call waits.
public enum MachineEvent: Equatable, Sendable {
    /// The machine is not what earlier calls left; comes first.
    case loss(MachineLoss)
    /// What was written.
    case output([UInt8])
    /// So many bytes of a terminal's output are gone, as no call has asked for them in time.
    case dropped(Int)
}

/// What a session has lost since its last call.
public enum MachineLoss: Equatable, Sendable {
    /// Processes and terminals; files are as they were.
    case processes
    /// Everything.
    case everything
}

/// How a command ended.
public struct ExecEnd: Equatable, Sendable {
    /// What ended it.
    public enum Cause: Equatable, Sendable {
        /// It exited with this status.
        case exited(Int)
        /// This signal ended it.
        case signaled(Int)
        /// The kernel ended it when the machine had no memory left.
        case outOfMemory
    }

    /// Why the machine stopped it.
    public enum Stop: Equatable, Sendable {
        /// Its time limit had passed.
        case timeLimit
        /// It had written more than a command may.
        case outputLimit
    }

    /// What ended it.
    public let cause: Cause
    /// Why the machine stopped it; nil if it did not.
    public let stop: Stop?
    /// How long it ran.
    public let duration: Duration
    /// The file in the machine that has all it wrote, if one was kept.
    public let keptOutput: String?

    /// An end.
    public init(_ cause: Cause, stop: Stop? = nil, duration: Duration, keptOutput: String? = nil) {
        self.cause = cause
        self.stop = stop
        self.duration = duration
        self.keptOutput = keptOutput
    }

    /// The status as shells have it: for a signal, 128 and its number.
    public var exitCode: Int {
        switch cause {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        case .outOfMemory: 137
        }
    }
}

/// A call that a machine could not carry out.
public struct MachineError: Error, Sendable {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// No machine can be had at the moment.
        case unavailable
        /// There are as many sessions as there may be.
        case tooManySessions
        /// As many commands run in this session as may.
        case tooManyCommands
        /// The machine was lost during the call, with everything on it.
        case lost
        /// The session was ended during the call.
        case sessionEnded
        /// A terminal of this name is there.
        case terminalExists
        /// There is no terminal of this name.
        case noTerminal
        /// There are as many terminals as there may be.
        case tooManyTerminals
        /// A terminal does not read what is typed, and no more can be held for it.
        case terminalFull
        /// The command, its environment or a name in it is longer than a machine takes, or has a NUL.
        case tooLong
        /// No machine is offered what this one was to reach of the network.
        case networkNotOffered
        /// The machine was started with another network.
        case networkDiffers
        /// No machine can be started from the image that this one was to have.
        case imageNotOffered
        /// The machine was started from another image.
        case imageDiffers
        /// A file could not be read or written, for this reason.
        case file(String)
    }

    /// What went wrong.
    public let code: Code
    /// The failure underneath, for the log.
    public let cause: (any Error)?

    /// A failure.
    public init(_ code: Code, cause: (any Error)? = nil) {
        self.code = code
        self.cause = cause
    }
}
