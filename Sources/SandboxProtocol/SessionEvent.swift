/// What a session's supervisor tells the daemon.
public enum SessionEvent: Equatable, Sendable {
    /// The session is the daemon's now. It comes first; a connection on which it does not come waits for a session.
    case opened
    /// The session reaches the network through a listening socket, which went to the daemon by mail with this token.
    /// It comes before all else but `opened`.
    case listening(token: [UInt8])
    /// The interpreter died between two runs, and this run has a new one: the variables are gone. It comes first.
    case restarted(Outcome.Death)
    /// Bytes that the session wrote, in order; undecoded and at most 64 KiB at a time.
    case output([UInt8])
    /// Bytes that the session wrote since the last run finished; they come before the run's own.
    ///
    /// `dropped` says how many more were written before these and were not kept.
    case backgroundOutput([UInt8], dropped: UInt64)
    /// Something other than text that the cell showed.
    case rich(RichOutput)
    /// An answer about files; it may come between the events of a run.
    case file(FileEvent)
    /// The run is over; nothing of it follows.
    case finished(Outcome)

    /// How long a token is, in bytes.
    public static let tokenBytes = 16

    /// The event as a frame.
    public var frame: Frame {
        switch self {
        case .opened:
            return Frame(kind: Kind.opened.rawValue, payload: [])
        case .listening(let token):
            return Frame(kind: Kind.listening.rawValue, payload: token)
        case .restarted(let death):
            let outcome = Outcome(end: .died(death), stop: nil, microseconds: 0)
            return Frame(kind: Kind.restarted.rawValue, payload: outcome.encoded)
        case .output(let bytes):
            return Frame(kind: Kind.output.rawValue, payload: bytes)
        case .backgroundOutput(let bytes, let dropped):
            var payload: [UInt8] = []
            payload.appendLittleEndian(dropped)
            payload.append(contentsOf: bytes)
            return Frame(kind: Kind.backgroundOutput.rawValue, payload: payload)
        case .rich(let rich):
            return Frame(kind: Kind.rich.rawValue, payload: rich.encoded)
        case .file(.entry(let path, let bytes)):
            var payload: [UInt8] = []
            payload.appendLittleEndian(bytes)
            return Frame(kind: Kind.fileEntry.rawValue, payload: payload + path)
        case .file(.content(let bytes, let next)):
            return Frame(kind: Kind.fileContent.rawValue, payload: (next ?? .start).encoded + bytes)
        case .file(.ended(let code)):
            var payload: [UInt8] = []
            payload.appendLittleEndian(code)
            return Frame(kind: Kind.fileEnd.rawValue, payload: payload)
        case .finished(let outcome):
            return Frame(kind: Kind.finished.rawValue, payload: outcome.encoded)
        }
    }

    /// Reads an event; throws what is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        switch Kind(rawValue: frame.kind) {
        case .opened:
            guard frame.payload.isEmpty else { throw .malformed(kind: frame.kind) }
            self = .opened
        case .listening:
            guard frame.payload.count == SessionEvent.tokenBytes else { throw .malformed(kind: frame.kind) }
            self = .listening(token: frame.payload)
        case .restarted:
            guard case .died(let death)? = Outcome(encoded: frame.payload)?.end else {
                throw .malformed(kind: frame.kind)
            }
            self = .restarted(death)
        case .output:
            self = .output(frame.payload)
        case .backgroundOutput:
            guard frame.payload.count >= 8 else { throw .malformed(kind: frame.kind) }
            let dropped = frame.payload.littleEndian(UInt64.self, at: 0)
            self = .backgroundOutput(Array(frame.payload.dropFirst(8)), dropped: dropped)
        case .rich:
            guard let rich = RichOutput(encoded: frame.payload) else { throw .malformed(kind: frame.kind) }
            self = .rich(rich)
        case .fileEntry:
            guard frame.payload.count >= 8 else { throw .malformed(kind: frame.kind) }
            let bytes = frame.payload.littleEndian(UInt64.self, at: 0)
            self = .file(.entry(path: Array(frame.payload.dropFirst(8)), bytes: bytes))
        case .fileContent:
            guard let next = FilePosition(encoded: frame.payload) else { throw .malformed(kind: frame.kind) }
            let bytes = Array(frame.payload.dropFirst(FilePosition.encodedBytes))
            self = .file(.content(bytes, next: next == .start ? nil : next))
        case .fileEnd:
            guard frame.payload.count == 4 else { throw .malformed(kind: frame.kind) }
            self = .file(.ended(errno: frame.payload.littleEndian(Int32.self, at: 0)))
        case .finished:
            guard let outcome = Outcome(encoded: frame.payload) else { throw .malformed(kind: frame.kind) }
            self = .finished(outcome)
        case nil:
            throw .unknownKind(frame.kind)
        }
    }

    private enum Kind: UInt8 {
        case output = 1
        case backgroundOutput = 2
        case rich = 3
        case finished = 4
        case restarted = 5
        case fileEntry = 6
        case fileContent = 7
        case fileEnd = 8
        case listening = 9
        case opened = 10
    }
}
