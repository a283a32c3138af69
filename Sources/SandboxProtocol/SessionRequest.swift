/// What the daemon asks of a session. To end a session, its connection is closed.
public enum SessionRequest: Equatable, Sendable {
    /// Runs a cell. The next may be asked for once this one has finished.
    case run(Run)
    /// Interrupts the cell that runs, if one does.
    case interrupt
    /// Works on the session's files, whether a cell runs or not. The next may be asked for once this one has ended.
    case file(FileRequest)

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
        case .file(.list):
            return Frame(kind: Kind.listFiles.rawValue, payload: [])
        case .file(.read(let path, let position)):
            return Frame(kind: Kind.readFile.rawValue, payload: position.encoded + path)
        case .file(.write(let path, let content)):
            var payload: [UInt8] = []
            payload.appendLittleEndian(UInt32(path.count))
            return Frame(kind: Kind.writeFile.rawValue, payload: payload + path + content)
        case .interrupt:
            return Frame(kind: Kind.interrupt.rawValue, payload: [])
        }
    }

    /// Reads a request; throws what is wrong with the frame.
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
        case .listFiles:
            self = .file(.list)
        case .readFile:
            guard let position = FilePosition(encoded: frame.payload) else { throw .malformed(kind: frame.kind) }
            self = .file(.read(path: Array(frame.payload.dropFirst(FilePosition.encodedBytes)), from: position))
        case .writeFile:
            guard frame.payload.count >= 4 else { throw .malformed(kind: frame.kind) }
            let count = Int(frame.payload.littleEndian(UInt32.self, at: 0))
            guard frame.payload.count - 4 >= count else { throw .malformed(kind: frame.kind) }
            self = .file(
                .write(path: Array(frame.payload[4..<4 + count]), content: Array(frame.payload[(4 + count)...]))
            )
        case nil:
            throw .unknownKind(frame.kind)
        }
    }

    private enum Kind: UInt8 {
        case run = 1
        case interrupt = 2
        case listFiles = 3
        case readFile = 4
        case writeFile = 5
    }
}

extension FilePosition {
    /// How long ``encoded`` is, in bytes.
    static let encodedBytes = 16

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(offset)
        bytes.appendLittleEndian(file)
        return bytes
    }

    /// Reads what begins with ``encoded``.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count >= FilePosition.encodedBytes else { return nil }
        self.init(offset: bytes.littleEndian(UInt64.self, at: 0), file: bytes.littleEndian(UInt64.self, at: 8))
    }
}
