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
    /// Reads a regular file of at most ``readBytesMax``.
    case read(path: [UInt8])
    /// Makes or replaces a regular file, in a directory that exists.
    case write(path: [UInt8], content: [UInt8])
}

/// What the supervisor answers about files, in order, up to `ended`.
public enum FileEvent: Equatable, Sendable {
    /// A file that is there.
    case entry(path: [UInt8], bytes: UInt64)
    /// The next piece of the file that is read.
    case content([UInt8])
    /// The request is carried out, or failed with this `errno`.
    case ended(errno: Int32)
}
