public import SandboxProtocol

/// What the daemon asks of a Python session, beside what every session answers (``SandboxProtocol/FileRequest``).
public enum PythonRequest: Equatable, Sendable {
    /// Runs a cell. The daemon sends the next one once this one has finished.
    case run(Run)
    /// Interrupts the cell that runs, if one does.
    case interrupt

    /// One cell to run.
    public struct Run: Equatable, Sendable {
        /// How long the cell may run before it is interrupted, in milliseconds.
        public let timeLimitMilliseconds: UInt32
        /// The source text, UTF-8.
        public let source: [UInt8]

        /// A cell with its time limit.
        public init(timeLimitMilliseconds: UInt32, source: [UInt8]) {
            self.timeLimitMilliseconds = timeLimitMilliseconds
            self.source = source
        }
    }

    /// The request as a frame.
    public var frame: Frame {
        switch self {
        case .run(let run):
            var payload: [UInt8] = []
            payload.appendLittleEndian(run.timeLimitMilliseconds)
            payload.append(contentsOf: run.source)
            return Frame(kind: Kind.run.rawValue, payload: payload)
        case .interrupt:
            return Frame(kind: Kind.interrupt.rawValue, payload: [])
        }
    }

    /// Reads a request.
    ///
    /// - Throws: What is wrong with the frame.
    public init(_ frame: Frame) throws(FrameError) {
        switch Kind(rawValue: frame.kind) {
        case .run:
            guard frame.payload.count >= 4 else { throw .malformed(kind: frame.kind) }
            self = .run(
                Run(
                    timeLimitMilliseconds: frame.payload.littleEndian(UInt32.self, at: 0),
                    source: Array(frame.payload.dropFirst(4))
                )
            )
        case .interrupt:
            self = .interrupt
        case nil:
            throw .unknownKind(frame.kind)
        }
    }

    private enum Kind: UInt8 {
        case run = 1
        case interrupt = 2
    }
}
