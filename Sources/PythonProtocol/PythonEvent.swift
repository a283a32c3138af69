public import SandboxProtocol

/// What a Python session's supervisor says, beside what every session does (``SandboxProtocol/SessionEvent``).
public enum PythonEvent: Equatable, Sendable {
    /// The interpreter died between two runs, and this run has a new one: the variables are gone. It comes first.
    case restarted(Outcome.Death)
    /// Bytes that the session wrote, in order; undecoded and at most 64 KiB at a time.
    case output([UInt8])
    /// Bytes that the session wrote since the last run finished; they come before the run's own.
    ///
    /// `dropped` says how many more were written before these and were not kept.
    case backgroundOutput([UInt8], dropped: UInt64)
    /// Something other than text was shown.
    case rich(RichOutput)
    /// The run is over; nothing of it follows.
    case finished(Outcome)

    /// The event as a frame.
    public var frame: Frame {
        switch self {
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
        case .finished(let outcome):
            return Frame(kind: Kind.finished.rawValue, payload: outcome.encoded)
        }
    }

    /// Reads an event.
    ///
    /// - Throws: What is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        switch Kind(rawValue: frame.kind) {
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
    }
}
