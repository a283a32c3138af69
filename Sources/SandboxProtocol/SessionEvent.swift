/// What the supervisor of any session says to the daemon, whichever tool the session is for.
///
/// Kinds 6 to 10 are taken by these; a tool numbers its own events outside of them.
public enum SessionEvent: Equatable, Sendable {
    /// The session is the daemon's now, and its worker knows it by this key, see ``DataRequest``. It comes first; a
    /// connection on which it does not come waits for a session.
    case opened(key: [UInt8])
    /// The session reaches the network through a listening socket, which the supervisor has passed to the daemon with
    /// this token (`SCM_RIGHTS`). It comes before all else but `opened`.
    case listening(token: [UInt8])
    /// An answer about files; it may come between the tool's events.
    case file(FileEvent)

    /// How long a token is, in bytes.
    public static let tokenBytes = 16
    /// How long a session's key is, in bytes.
    public static let keyBytes = 16

    /// The event as a frame.
    public var frame: Frame {
        switch self {
        case .opened(let key):
            return Frame(kind: Kind.opened.rawValue, payload: key)
        case .listening(let token):
            return Frame(kind: Kind.listening.rawValue, payload: token)
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
        }
    }

    /// Reads an event; nil if the frame is of a kind that belongs to the session's tool.
    ///
    /// - Throws: ``FrameError/malformed(kind:)`` if the payload does not fit the kind.
    public init?(_ frame: Frame) throws(FrameError) {
        switch Kind(rawValue: frame.kind) {
        case .opened:
            guard frame.payload.count == SessionEvent.keyBytes else { throw .malformed(kind: frame.kind) }
            self = .opened(key: frame.payload)
        case .listening:
            guard frame.payload.count == SessionEvent.tokenBytes else { throw .malformed(kind: frame.kind) }
            self = .listening(token: frame.payload)
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
        case nil:
            return nil
        }
    }

    private enum Kind: UInt8 {
        case fileEntry = 6
        case fileContent = 7
        case fileEnd = 8
        case listening = 9
        case opened = 10
    }
}
