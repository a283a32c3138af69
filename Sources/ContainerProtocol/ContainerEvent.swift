public import SandboxProtocol

/// What a container session's supervisor says, beside what every session does (``SandboxProtocol/SessionEvent``).
public enum ContainerEvent: Equatable, Sendable {
    /// Bytes that a command wrote, in order; undecoded and at most 64 KiB at a time.
    case output(UInt32, [UInt8])
    /// A command has read so many more bytes of what was sent to it, or will never read them.
    case inputTaken(UInt32, bytes: UInt32)
    /// So many processes of the session were asked to end, on request.
    case processesEnded(UInt32)
    /// A command is over; nothing of it follows, and its number is free.
    case ended(UInt32, CommandOutcome)

    /// The event as a frame.
    public var frame: Frame {
        var payload: [UInt8] = []
        switch self {
        case .output(let number, let bytes):
            payload.appendLittleEndian(number)
            return Frame(kind: Kind.output.rawValue, payload: payload + bytes)
        case .inputTaken(let number, let bytes):
            payload.appendLittleEndian(number)
            payload.appendLittleEndian(bytes)
            return Frame(kind: Kind.inputTaken.rawValue, payload: payload)
        case .processesEnded(let count):
            payload.appendLittleEndian(count)
            return Frame(kind: Kind.processesEnded.rawValue, payload: payload)
        case .ended(let number, let outcome):
            payload.appendLittleEndian(number)
            return Frame(kind: Kind.ended.rawValue, payload: payload + outcome.encoded)
        }
    }

    /// Reads an event.
    ///
    /// - Throws: What is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        guard let kind = Kind(rawValue: frame.kind) else { throw .unknownKind(frame.kind) }
        var rest = frame.payload[...]
        guard let number = rest.takeNumber(UInt32.self) else { throw .malformed(kind: frame.kind) }
        switch kind {
        case .output:
            self = .output(number, Array(rest))
        case .inputTaken:
            guard let bytes = rest.takeNumber(UInt32.self), rest.isEmpty else { throw .malformed(kind: frame.kind) }
            self = .inputTaken(number, bytes: bytes)
        case .processesEnded:
            guard rest.isEmpty else { throw .malformed(kind: frame.kind) }
            self = .processesEnded(number)
        case .ended:
            guard let outcome = CommandOutcome(encoded: rest) else { throw .malformed(kind: frame.kind) }
            self = .ended(number, outcome)
        }
    }

    /// From 16 on: those below are every session's, or Python's.
    private enum Kind: UInt8 {
        case output = 16
        case ended = 17
        case inputTaken = 18
        case processesEnded = 19
    }
}
