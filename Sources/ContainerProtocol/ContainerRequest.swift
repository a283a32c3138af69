public import SandboxProtocol

/// What the daemon asks of a container session, beside what every session answers (``SandboxProtocol/FileRequest``).
///
/// The daemon chooses the numbers of commands. One that runs keeps its number; after `ended` it may be used again. Requests
/// about a command that has ended mean nothing: its end may be on its way.
public enum ContainerRequest: Equatable, Sendable {
    /// How much input a supervisor holds for a command that does not read it, in bytes.
    public static let inputBytesMax = 1 << 20

    /// Starts a command with this number.
    case start(UInt32, Command)
    /// Bytes for the command's standard input or terminal. ``ContainerEvent/inputTaken(_:bytes:)`` says how many it has
    /// read; at most ``inputBytesMax`` may be on their way.
    case input(UInt32, [UInt8])
    /// Closes the command's standard input; to a terminal it sends the end-of-file character.
    case endInput(UInt32)
    /// The command's terminal has another size.
    case resize(UInt32, TerminalSize)
    /// Sends a signal to the command's process group, or to the terminal's foreground process group.
    case signal(UInt32, UInt8)
    /// Stops the command: SIGTERM, and SIGKILL after the grace, to all that it has started and not put away in a session of
    /// its own.
    case stop(UInt32)
    /// Writes what the session has changed of its files, as the output of a command with this number, or to another session.
    /// Processes of the session are stopped meanwhile.
    case save(UInt32, to: ArchivePeer)
    /// Makes the files that another session has saved, from the input of a command with this number, or from that session
    /// itself. Its output is how many bytes those were, as a `UInt64`.
    case restore(UInt32, from: ArchivePeer)
    /// Stops all processes of the session where they are, until the next request.
    case freeze
    /// Ends all processes of the session; its files stay. Answered by `processesEnded`.
    case endProcesses

    /// The request as a frame.
    public var frame: Frame {
        switch self {
        case .start(let number, let command): Kind.start.frame(number, command.encoded)
        case .input(let number, let bytes): Kind.input.frame(number, bytes)
        case .endInput(let number): Kind.endInput.frame(number, [])
        case .resize(let number, let size): Kind.resize.frame(number, size.encoded)
        case .signal(let number, let signal): Kind.signal.frame(number, [signal])
        case .stop(let number): Kind.stop.frame(number, [])
        case .save(let number, let peer): Kind.save.frame(number, [peer.rawValue])
        case .restore(let number, let peer): Kind.restore.frame(number, [peer.rawValue])
        case .freeze: Kind.freeze.frame(0, [])
        case .endProcesses: Kind.endProcesses.frame(0, [])
        }
    }

    /// Reads a request.
    ///
    /// - Throws: What is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        guard let kind = Kind(rawValue: frame.kind) else { throw .unknownKind(frame.kind) }
        var rest = frame.payload[...]
        guard let number = rest.takeNumber(UInt32.self), let request = ContainerRequest(kind, number: number, rest)
        else {
            throw .malformed(kind: frame.kind)
        }
        self = request
    }

    private init?(_ kind: Kind, number: UInt32, _ rest: ArraySlice<UInt8>) {
        var rest = rest
        switch kind {
        case .start:
            guard let command = Command(encoded: rest) else { return nil }
            self = .start(number, command)
        case .input:
            self = .input(number, Array(rest))
        case .endInput where rest.isEmpty:
            self = .endInput(number)
        case .resize where rest.count == 4:
            guard let rows = rest.takeNumber(UInt16.self), let columns = rest.takeNumber(UInt16.self),
                let size = TerminalSize(rows: rows, columns: columns)
            else { return nil }
            self = .resize(number, size)
        case .signal where rest.count == 1:
            self = .signal(number, rest[rest.startIndex])
        case .stop where rest.isEmpty:
            self = .stop(number)
        case .save where rest.count == 1:
            guard let peer = ArchivePeer(rawValue: rest[rest.startIndex]) else { return nil }
            self = .save(number, to: peer)
        case .restore where rest.count == 1:
            guard let peer = ArchivePeer(rawValue: rest[rest.startIndex]) else { return nil }
            self = .restore(number, from: peer)
        case .freeze where rest.isEmpty && number == 0:
            self = .freeze
        case .endProcesses where rest.isEmpty && number == 0:
            self = .endProcesses
        case .endInput, .resize, .signal, .stop, .save, .restore, .freeze, .endProcesses:
            return nil
        }
    }

    /// From 16 on: those below are every session's, or Python's.
    private enum Kind: UInt8 {
        case start = 16
        case input = 17
        case endInput = 18
        case resize = 19
        case signal = 20
        case stop = 21
        case freeze = 22
        case endProcesses = 23
        case save = 24
        case restore = 25

        func frame(_ number: UInt32, _ rest: [UInt8]) -> Frame {
            var payload: [UInt8] = []
            payload.appendLittleEndian(number)
            return Frame(kind: rawValue, payload: payload + rest)
        }
    }
}

/// Where the files that a session saves or restores go or come from.
public enum ArchivePeer: UInt8, Sendable {
    /// The daemon.
    case daemon = 0
    /// Another session of the worker, by the pipe that the pool has made last (`DataRequest.connect`).
    case session = 1
}

extension TerminalSize {
    fileprivate var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(rows)
        bytes.appendLittleEndian(columns)
        return bytes
    }
}
