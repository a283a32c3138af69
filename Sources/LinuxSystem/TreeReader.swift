internal import CLinux
internal import Glibc

/// Reads a directory tree as an archive has it: each directory before what is in it.
///
/// Every name is opened in the directory that was read, and no link is followed. A tree that is an overlay's upper directory
/// also says what it hides of the lower ones. Source: "whiteouts and opaque directories" of Linux's overlayfs.rst.
public struct TreeReader: ~Copyable, Sendable {
    /// What a name stands for.
    public enum Kind: Equatable, Sendable {
        /// A directory; an opaque one hides what is below it in an overlay.
        case directory(isOpaque: Bool)
        /// A regular file of so many bytes.
        case file(bytes: UInt64)
        /// A symbolic link.
        case link(to: [UInt8])
        /// A named pipe.
        case pipe
        /// Hides what is below it in an overlay.
        case whiteout
        /// A socket or a device.
        case other
    }

    /// A name of the tree.
    public struct Entry: Equatable, Sendable {
        /// The path within the tree; empty for the tree itself.
        public let path: [UInt8]
        /// What is there.
        public let kind: Kind
        /// Its permissions, owners and time.
        public let attributes: ConfinedTree.Attributes
        /// The number of a file that has several names; nil for one that has this name alone.
        public let sharedNumber: UInt64?
    }

    private let directory: Descriptor

    /// The descriptor's number; valid as long as this value lives.
    public var number: CInt { directory.number }

    /// Reads the directory that `directory` is open for.
    public init(_ directory: consuming Descriptor) {
        self.directory = directory
    }

    /// Gives each name to `body`, and with a regular file the file, open for reading.
    ///
    /// - Throws: ``SystemError`` of the tree, `ENAMETOOLONG` for directories more than ``ConfinedTree/depthMax`` deep, and what
    ///   `body` throws.
    public func forEach(
        _ body: (Entry, _ file: consuming Descriptor?) throws(SystemError) -> Void
    ) throws(SystemError) {
        try read(directory, at: [], depth: 0, body)
    }

    private func read(
        _ directory: borrowing Descriptor,
        at path: [UInt8],
        depth: Int,
        _ body: (Entry, _ file: consuming Descriptor?) throws(SystemError) -> Void
    ) throws(SystemError) {
        guard depth <= ConfinedTree.depthMax else { throw SystemError("a tree that is too deep", code: ENAMETOOLONG) }
        let isOpaque = unsafe clinux_has_attribute(directory.number, "user.overlay.opaque") != 0
        try body(Entry(path: path, .directory(isOpaque: isOpaque), try TreeReader.status(of: directory)), nil)
        for name in try TreeReader.names(in: directory) {
            let below = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
            let status = try TreeReader.status(of: name, in: directory)
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try read(try open(name, in: directory, O_DIRECTORY), at: below, depth: depth + 1, body)
            case S_IFREG:
                let file = try open(name, in: directory, 0)
                try body(Entry(path: below, .file(bytes: UInt64(max(status.st_size, 0))), status), consume file)
            case S_IFLNK:
                try body(Entry(path: below, .link(to: try TreeReader.target(of: name, in: directory)), status), nil)
            case S_IFIFO: try body(Entry(path: below, .pipe, status), nil)
            case S_IFCHR where status.st_rdev == 0: try body(Entry(path: below, .whiteout, status), nil)
            default: try body(Entry(path: below, .other, status), nil)
            }
        }
    }

    private func open(_ name: [UInt8], in directory: borrowing Descriptor, _ flags: CInt) throws(SystemError)
        -> Descriptor
    {
        let flags = flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        return Descriptor(
            owning: try check("openat", unsafe clinux_open_beneath(directory.number, name.cText, flags, 0))
        )
    }

    private static func status(of directory: borrowing Descriptor) throws(SystemError) -> stat {
        var status = stat()
        try checkErrno("fstat", unsafe fstat(directory.number, &status))
        return status
    }

    private static func status(of name: [UInt8], in directory: borrowing Descriptor) throws(SystemError) -> stat {
        var status = stat()
        try checkErrno("fstatat", unsafe fstatat(directory.number, name.cText, &status, AT_SYMLINK_NOFOLLOW))
        return status
    }

    private static func target(of name: [UInt8], in directory: borrowing Descriptor) throws(SystemError) -> [UInt8] {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try checkErrno(
            "readlinkat",
            unsafe readlinkat(directory.number, name.cText, &target, target.count)
        )
        return target.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// All names in an open directory, in an order that does not change.
    private static func names(in directory: borrowing Descriptor) throws(SystemError) -> [[UInt8]] {
        try Files.entryNames(in: directory).sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension TreeReader.Entry {
    fileprivate init(path: [UInt8], _ kind: TreeReader.Kind, _ status: stat) {
        self.path = path
        self.kind = kind
        attributes = ConfinedTree.Attributes(
            mode: status.st_mode & 0o7777,
            owner: status.st_uid,
            group: status.st_gid,
            modified: Int64(status.st_mtim.tv_sec)
        )
        let isFile = status.st_mode & S_IFMT == S_IFREG
        sharedNumber = isFile && status.st_nlink > 1 ? UInt64(status.st_ino) : nil
    }
}
