internal import CLinux
internal import Glibc

/// A directory in which untrusted code may do anything at any time: rename, link, swap one thing for another.
///
/// Whatever is opened in it is below it and was reached through no link; what it is, is asked of the open descriptor.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct HostileDirectory: ~Copyable, Sendable {
    /// A regular file in a hostile directory.
    public struct Entry: Equatable, Sendable {
        /// The path below the directory, as bytes: a name need not be text.
        public let path: [UInt8]
        /// The size when it was looked at, in bytes.
        public let bytes: UInt64
        /// When its content was last changed, in nanoseconds since 1970.
        public let modified: Int64
    }

    private let directory: Descriptor

    /// Opens the directory `path`, which the caller vouches for: only what is below it is hostile.
    ///
    /// - Throws: `ENOENT`, `ENOTDIR`; `ELOOP` if the path ends in a link.
    public init(_ path: String) throws(SystemError) {
        directory = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// Opens a regular file for reading; `path` is relative to the directory.
    ///
    /// - Throws: `EINVAL` for anything else than a regular file, at once; `ELOOP` where a link is on the way, `EXDEV` where
    ///   the way leads out of the directory or into another file system.
    /// - Returns: The file, which the caller owns.
    public func openFile(_ path: [UInt8]) throws(SystemError) -> Descriptor {
        // Without O_NONBLOCK, opening a pipe waits for a writer.
        let file = try open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        _ = try HostileDirectory.size(of: file)
        return file
    }

    /// Makes a regular file or replaces its content, and gives it to the user and group `owner`.
    ///
    /// The directories on the way must exist. A file that is replaced keeps its links and its readers.
    ///
    /// - Throws: As ``openFile(_:)``; `ENOSPC` or `EDQUOT` when the file system is full, and then the content is cut short.
    public func writeFile(_ path: [UInt8], _ content: [UInt8], owner: UInt32) throws(SystemError) {
        let file = try open(path, flags: O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY, mode: 0o644)
        _ = try HostileDirectory.size(of: file)
        try check("fchown", clinux_change_owner(file.number, owner, owner))
        try checkErrno("ftruncate", ftruncate(file.number, 0))
        try file.writeAll(content)
    }

    /// Deletes a file or a link. A directory is refused (`EISDIR`).
    public func deleteFile(_ path: [UInt8]) throws(SystemError) {
        let parts = path.split(separator: UInt8(ascii: "/"))
        guard let name = parts.last, !path.contains(0) else { throw SystemError("unlink", code: EINVAL) }
        let above = Array(parts.dropLast().joined(separator: [UInt8(ascii: "/")]))
        let parent = try open(above.isEmpty ? [UInt8(ascii: ".")] : above, flags: O_RDONLY | O_DIRECTORY)
        // A name in a directory leads nowhere else, and a link is deleted itself.
        let result = unsafe (name + [0]).withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                guard let text = text.baseAddress else { return CInt(-1) }
                return unsafe unlinkat(parent.number, text, 0)
            }
        }
        try checkErrno("unlinkat", result)
    }

    /// Lists the regular files in it, at most `entriesMax`, in directories at most `depthMax` deep.
    ///
    /// Of one directory it reads at most 100 000 names.
    /// Without the hidden ones, names that begin with a dot are left out with all that is below them.
    public func list(
        entriesMax: Int,
        depthMax: Int,
        includingHidden: Bool = true
    ) throws(SystemError) -> [Entry] {
        var entries: [Entry] = []
        var pending: [(path: [UInt8], depth: Int)] = [([], 0)]
        while let (path, depth) = pending.popLast(), entries.count < entriesMax {
            // What is gone or became something else by now is no part of the list.
            guard let names = try? names(in: path) else { continue }
            for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) where entries.count < entriesMax {
                guard includingHidden || name.first != UInt8(ascii: ".") else { continue }
                let below = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
                if let (bytes, modified) = try? HostileDirectory.status(of: openFile(below)) {
                    entries.append(Entry(path: below, bytes: bytes, modified: modified))
                } else if depth < depthMax, pending.count < entriesMax {
                    pending.append((below, depth + 1))
                }
            }
        }
        return entries
    }

    private func names(in path: [UInt8]) throws(SystemError) -> [[UInt8]] {
        let below = path.isEmpty ? [UInt8(ascii: ".")] : path
        let number = try open(below, flags: O_RDONLY | O_DIRECTORY).release()
        guard let stream = unsafe fdopendir(number) else {
            _ = close(number)
            throw SystemError("fdopendir", code: errno)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while names.count < 100_000, let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
        }
        return names
    }

    private func open(_ path: [UInt8], flags: CInt, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
        guard !path.isEmpty, !path.contains(0) else { throw SystemError("open", code: EINVAL) }
        let result = unsafe (path + [0]).withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                unsafe clinux_open_beneath(directory.number, text.baseAddress, flags | O_CLOEXEC, mode)
            }
        }
        return Descriptor(owning: try check("openat2", result))
    }

    /// The size of a regular file, in bytes.
    public static func size(of file: borrowing Descriptor) throws(SystemError) -> UInt64 {
        try status(of: file).bytes
    }

    /// The inode number, by which a file differs from every other of its file system while it exists; not 0.
    public static func number(of file: borrowing Descriptor) throws(SystemError) -> UInt64 {
        var about = stat()
        try checkErrno("fstat", unsafe fstat(file.number, &about))
        return UInt64(about.st_ino)
    }

    private static func status(of file: borrowing Descriptor) throws(SystemError) -> (bytes: UInt64, modified: Int64) {
        var (bytes, modified): (Int64, Int64) = (0, 0)
        guard try check("fstat", unsafe clinux_regular_file(file.number, &bytes, &modified)) == 1 else {
            throw SystemError("not a regular file", code: EINVAL)
        }
        return (UInt64(max(bytes, 0)), modified)
    }
}
