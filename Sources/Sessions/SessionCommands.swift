/// Commands on the machines of sessions, as people and programs run them.
public protocol SessionCommands: Sendable {
    /// Runs a command in a session, which is opened if there is none, until it ends; a caller that is cancelled ends it.
    ///
    /// - Parameter handler: Takes the events in order, `started` first, and is awaited for each before the next is read.
    /// - Throws: ``SessionError``, or `CancellationError`.
    func run(
        _ command: SessionCommand,
        in use: SessionUse,
        handler: @escaping @Sendable (SessionCommandEvent) async -> Void
    ) async throws -> SessionCommandEnd

    /// Sends something to a command that runs; false if none has this number. What it does not read is bounded by 1 MiB.
    func send(_ input: SessionCommandInput, to number: UInt32, in session: SessionID) async -> Bool
}

/// A program to run in a session.
public struct SessionCommand: Equatable, Sendable {
    /// The program and its arguments, at least one.
    public let arguments: [String]
    /// The working directory; the session's own if nil.
    public let directory: String?
    /// What its environment has beside the session's.
    public let environment: [String: String]
    /// A name, or `uid` or `uid:gid` in decimal; root if nil.
    public let user: String?
    /// The size of its terminal; nil for pipes, with standard output and error in one.
    public let terminal: Size?
    /// After how long it is ended; nil for never.
    public let timeLimit: Duration?

    /// How many characters a terminal shows.
    public struct Size: Equatable, Sendable {
        /// Lines, at least 1.
        public let rows: UInt16
        /// Characters in a line, at least 1.
        public let columns: UInt16

        /// A size.
        public init(rows: UInt16, columns: UInt16) {
            self.rows = rows
            self.columns = columns
        }
    }

    /// A program; `arguments` must not be empty.
    public init(
        _ arguments: [String],
        directory: String? = nil,
        environment: [String: String] = [:],
        user: String? = nil,
        terminal: Size? = nil,
        timeLimit: Duration? = nil
    ) {
        precondition(!arguments.isEmpty, "a command without a program")
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
        self.user = user
        self.terminal = terminal
        self.timeLimit = timeLimit
    }
}

/// What comes from a command while it runs.
public enum SessionCommandEvent: Equatable, Sendable {
    /// It begins, with the number by which input is sent to it.
    case started(UInt32)
    /// Bytes that it wrote.
    case output([UInt8])
}

/// What can be sent to a command.
public enum SessionCommandInput: Equatable, Sendable {
    /// Bytes for it to read.
    case bytes([UInt8])
    /// There is no more to read; for a terminal the character that says so.
    case end
    /// Its terminal has another size.
    case resize(SessionCommand.Size)
    /// A signal, for its process group or that in the foreground of its terminal.
    case signal(UInt8)
}

/// How a command ended.
public struct SessionCommandEnd: Equatable, Sendable {
    /// The status as shells have it: for a signal, 128 and its number; 127 and 126 for what could not be started.
    public let exitCode: Int
    /// Whether its time limit had passed.
    public let timedOut: Bool
    /// How long it ran.
    public let duration: Duration

    /// An end.
    public init(exitCode: Int, timedOut: Bool, duration: Duration) {
        self.exitCode = exitCode
        self.timedOut = timedOut
        self.duration = duration
    }
}
