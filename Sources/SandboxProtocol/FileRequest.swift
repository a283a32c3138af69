/// What the daemon asks about the files below a session's data directory.
///
/// Paths are bytes relative to it: names need not be text. The supervisor answers from inside, through descriptors that
/// it opens there, so that no path a session has shaped is ever walked outside. Kinds 3 to 7 are taken by these requests;
/// a tool numbers its own outside of them.
public enum FileRequest: Equatable, Sendable {
    /// The longest path, in bytes.
    public static let pathBytesMax = 4096
    /// The longest content that can be written, in bytes.
    public static let writtenBytesMax = 8 << 20
    /// The longest file that can be read, in bytes.
    public static let readBytesMax: UInt64 = 256 << 20
    /// The most files that are listed.
    public static let listedMax = 1000

    /// Names the regular files with their sizes, at most ``listedMax``.
    case list
    /// Reads the next piece of a regular file of at most ``readBytesMax``; nothing is kept open between two pieces.
    case read(path: [UInt8], from: FilePosition = .start)
    /// Makes or replaces a regular file, in a directory that exists.
    case write(path: [UInt8], content: [UInt8])
    /// Deletes a file or a link, but not a directory.
    case delete(path: [UInt8])
    /// Takes note that the data directory is another one from now on, before the session has run anything.
    case reopen

    /// The request as a frame.
    public var frame: Frame {
        switch self {
        case .list:
            return Frame(kind: Kind.list.rawValue, payload: [])
        case .read(let path, let position):
            return Frame(kind: Kind.read.rawValue, payload: position.encoded + path)
        case .write(let path, let content):
            var payload: [UInt8] = []
            payload.appendLittleEndian(UInt32(path.count))
            return Frame(kind: Kind.write.rawValue, payload: payload + path + content)
        case .delete(let path):
            return Frame(kind: Kind.delete.rawValue, payload: path)
        case .reopen:
            return Frame(kind: Kind.reopen.rawValue, payload: [])
        }
    }

    /// Reads a request; nil if the frame is of a kind that belongs to the session's tool.
    ///
    /// - Throws: ``FrameError/malformed(kind:)`` if the payload does not fit the kind.
    public init?(_ frame: Frame) throws(FrameError) {
        switch Kind(rawValue: frame.kind) {
        case .list:
            self = .list
        case .read:
            guard let position = FilePosition(encoded: frame.payload) else { throw .malformed(kind: frame.kind) }
            self = .read(path: Array(frame.payload.dropFirst(FilePosition.encodedBytes)), from: position)
        case .write:
            guard frame.payload.count >= 4 else { throw .malformed(kind: frame.kind) }
            let count = Int(frame.payload.littleEndian(UInt32.self, at: 0))
            guard frame.payload.count - 4 >= count else { throw .malformed(kind: frame.kind) }
            self = .write(path: Array(frame.payload[4..<4 + count]), content: Array(frame.payload[(4 + count)...]))
        case .delete:
            self = .delete(path: frame.payload)
        case .reopen:
            guard frame.payload.isEmpty else { throw .malformed(kind: frame.kind) }
            self = .reopen
        case nil:
            return nil
        }
    }

    private enum Kind: UInt8 {
        case list = 3
        case read = 4
        case write = 5
        case delete = 6
        case reopen = 7
    }
}

/// Where a piece of a file begins.
public struct FilePosition: Equatable, Sendable {
    /// How many bytes are before it.
    public let offset: UInt64
    /// Which file it was that had the name when its first piece was read; 0 before that.
    public let file: UInt64

    /// A position in `file`.
    public init(offset: UInt64, file: UInt64) {
        self.offset = offset
        self.file = file
    }

    /// Where every file begins.
    public static let start = FilePosition(offset: 0, file: 0)

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

/// What the supervisor answers about files: entries, and at last `content` or `ended`.
public enum FileEvent: Equatable, Sendable {
    /// A file that is there.
    case entry(path: [UInt8], bytes: UInt64)
    /// A piece of the file that is read, and where the next begins; nil after the last.
    case content([UInt8], next: FilePosition?)
    /// The request is carried out, or failed with this `errno`.
    case ended(errno: Int32)
}
