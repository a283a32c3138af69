/// What the daemon asks of a worker's pool about the files of its sessions: to share a data directory with a session of another
/// worker, or to copy all files from one session to another.
///
/// It goes to the worker's descriptor socket, ``socket(of:)``: one request on a connection, and one ``DataAnswer``.
public enum DataRequest: Equatable, Sendable {
    /// Gives a mount of the data directory of the session with this key, as a descriptor.
    case lend(session: [UInt8])
    /// Mounts the descriptor that comes along as the data directory of this session, whose user owns there what `owner` owns
    /// for the session that lent it. Neither of the two has run anything since.
    case join(session: [UInt8], owner: UInt32)
    /// Makes a pipe between two sessions of the worker, for the next files that `source` saves and `target` restores.
    case connect(source: [UInt8], target: [UInt8])

    /// The path of a worker's descriptor socket, by that of the socket on which its sessions wait.
    public static func socket(of worker: String) -> String { worker + ".data" }

    /// The request as the bytes of a message.
    public var encoded: [UInt8] {
        switch self {
        case .lend(let session): return [1] + session
        case .join(let session, let owner):
            var bytes: [UInt8] = [2] + session
            bytes.appendLittleEndian(owner)
            return bytes
        case .connect(let source, let target): return [3] + source + target
        }
    }

    /// Reads a request; nil if the bytes are something else.
    public init?(encoded bytes: [UInt8]) {
        let session = Array(bytes.dropFirst().prefix(SessionEvent.keyBytes))
        let rest = bytes.count - 1 - SessionEvent.keyBytes
        switch (bytes.first, rest) {
        case (1, 0): self = .lend(session: session)
        case (2, 4): self = .join(session: session, owner: bytes.littleEndian(UInt32.self, at: bytes.count - 4))
        case (3, SessionEvent.keyBytes): self = .connect(source: session, target: Array(bytes.suffix(rest)))
        default: return nil
        }
    }
}

/// What a worker answers to a ``DataRequest``.
public struct DataAnswer: Equatable, Sendable {
    /// 0, or why the request was not carried out.
    public let errno: Int32
    /// Of a directory that is lent: the ID that owns what sandboxed code makes in it, as the session numbers it that made the
    /// directory.
    public let owner: UInt32

    /// An answer with its parts.
    public init(errno: Int32, owner: UInt32 = 0) {
        self.errno = errno
        self.owner = owner
    }

    /// The answer as the bytes of a message.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(errno)
        bytes.appendLittleEndian(owner)
        return bytes
    }

    /// Reads an answer; nil if the bytes are something else.
    public init?(encoded bytes: [UInt8]) {
        guard bytes.count == 8 else { return nil }
        self.init(errno: bytes.littleEndian(Int32.self, at: 0), owner: bytes.littleEndian(UInt32.self, at: 4))
    }
}
