public import SandboxProtocol

/// What the supervisor asks of its interpreter.
///
/// The answer must show the nonce, which no Python object holds: code in a cell that finds the channel cannot end its
/// own run early.
public struct InterpreterRequest: Equatable, Sendable {
    /// How long a nonce is, in bytes.
    public static let nonceBytes = 16
    private static let kind: UInt8 = 1

    /// Random, new for every run.
    public let nonce: [UInt8]
    /// The cell, UTF-8.
    public let source: [UInt8]

    /// A cell to run.
    public init(nonce: [UInt8], source: [UInt8]) {
        precondition(nonce.count == InterpreterRequest.nonceBytes, "a nonce of \(nonce.count) bytes")
        self.nonce = nonce
        self.source = source
    }

    /// The request as a frame.
    public var frame: Frame { Frame(kind: InterpreterRequest.kind, payload: nonce + source) }

    /// Reads a request.
    ///
    /// - Throws: `FrameError`, what is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        guard frame.kind == InterpreterRequest.kind else { throw .unknownKind(frame.kind) }
        guard frame.payload.count >= InterpreterRequest.nonceBytes else { throw .malformed(kind: frame.kind) }
        nonce = Array(frame.payload.prefix(InterpreterRequest.nonceBytes))
        source = Array(frame.payload.dropFirst(InterpreterRequest.nonceBytes))
    }
}

/// What an interpreter reports to its supervisor: untrusted.
public enum InterpreterReport: Equatable, Sendable {
    /// The interpreter lives, under this number in the session; its first report.
    case started(pid: Int32)
    /// The interpreter is confined and waits for cells; its second report, if it is not `failed`.
    case ready
    /// The interpreter could not be confined, for this reason, and is gone. Never sent once code has run.
    case failed(String)
    /// Something other than text was shown.
    case rich(RichOutput)
    /// The cell ended; `nonce` must be the request's.
    case done(nonce: [UInt8], raised: Bool)

    /// The report as a frame.
    public var frame: Frame {
        switch self {
        case .started(let pid):
            Frame(kind: 5, payload: (0..<4).map { UInt8(truncatingIfNeeded: pid >> ($0 * 8)) })
        case .ready: Frame(kind: 3, payload: [])
        case .failed(let reason): Frame(kind: 4, payload: Array(reason.utf8.prefix(1024)))
        case .rich(let rich): Frame(kind: 1, payload: rich.encoded)
        case .done(let nonce, let raised): Frame(kind: 2, payload: nonce + [raised ? 1 : 0])
        }
    }

    /// Reads a report.
    ///
    /// - Throws: `FrameError`, what is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        switch frame.kind {
        case 1:
            guard let rich = RichOutput(encoded: frame.payload) else { throw .malformed(kind: frame.kind) }
            self = .rich(rich)
        case 2:
            guard frame.payload.count == InterpreterRequest.nonceBytes + 1, frame.payload[16] <= 1 else {
                throw .malformed(kind: frame.kind)
            }
            self = .done(nonce: Array(frame.payload.prefix(16)), raised: frame.payload[16] == 1)
        case 5:
            guard frame.payload.count == 4 else { throw .malformed(kind: frame.kind) }
            self = .started(pid: frame.payload.littleEndian(Int32.self, at: 0))
        case 3:
            self = .ready
        case 4:
            self = .failed(String(decoding: frame.payload.prefix(1024), as: UTF8.self))
        default:
            throw .unknownKind(frame.kind)
        }
    }
}
