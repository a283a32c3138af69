/// What the daemon asks about the files below a session's data directory.
///
/// Paths are bytes relative to it: names need not be text. The supervisor answers from inside, through descriptors that
/// it opens there, so that no path a session has shaped is ever walked outside.
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
