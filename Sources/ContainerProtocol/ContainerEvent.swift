public import SandboxProtocol

/// What a container session's supervisor says, beside what every session does (``SandboxProtocol/SessionEvent``).
public enum ContainerEvent: Equatable, Sendable {
    /// Bytes that a command wrote, in order; undecoded and at most 64 KiB at a time.
    case output(UInt32, [UInt8])
    /// What was sent for a command to read was dropped: it does not read, and more than 1 MiB waited for it.
    case inputDropped(UInt32)
    /// A command is over; nothing of it follows, and its number is free.
    case ended(UInt32, CommandOutcome)

    /// The event as a frame.
    public var frame: Frame {
        var payload: [UInt8] = []
        switch self {
        case .output(let number, let bytes):
            payload.appendLittleEndian(number)
            return Frame(kind: Kind.output.rawValue, payload: payload + bytes)
        case .inputDropped(let number):
            payload.appendLittleEndian(number)
            return Frame(kind: Kind.inputDropped.rawValue, payload: payload)
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
        case .inputDropped:
            guard rest.isEmpty else { throw .malformed(kind: frame.kind) }
            self = .inputDropped(number)
        case .ended:
            guard let outcome = CommandOutcome(encoded: rest) else { throw .malformed(kind: frame.kind) }
            self = .ended(number, outcome)
        }
    }

    /// From 16 on: those below are every session's, or Python's.
    private enum Kind: UInt8 {
        case output = 16
        case ended = 17
        case inputDropped = 18
    }
}
