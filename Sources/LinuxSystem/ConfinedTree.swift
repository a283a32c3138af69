internal import CLinux
internal import Glibc

/// A directory that is filled from an archive of unknown origin, as if it were the root of a file system.
///
/// Links on the way to a name are followed within the tree, and nothing leads out of it or onto another file system: the
/// kernel resolves each path (`openat2` with `RESOLVE_IN_ROOT`), and what the path names is then made relative to the
/// directory that was opened, without following a link. No other process may change the tree meanwhile.
///
/// Paths are bytes without NUL, relative to the tree, and not empty.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct ConfinedTree: ~Copyable, Sendable {
    /// What a file has beside its content.
    public struct Attributes: Equatable, Sendable {
        /// Permissions with the set-user-ID, set-group-ID and sticky bits: 12 bits.
        public var mode: UInt32
        /// The user ID.
        public var owner: UInt32
        /// The group ID.
        public var group: UInt32
        /// The time of the last change, in seconds since 1970.
        public var modified: Int64

        /// What a file gets.
        public init(mode: UInt32, owner: UInt32, group: UInt32, modified: Int64) {
            self.mode = mode
            self.owner = owner
            self.group = group
            self.modified = modified
        }
    }

    /// How deep directories may be in each other.
    public static let depthMax = 256

    private let root: Descriptor
    private let keepsOwners: Bool

    /// The directory `path`, which exists.
    ///
    /// - Parameter keepsOwners: Whether files get the owners that they should have, for which the process has to be root;
    ///   else they are all this process's.
    public init(_ path: String, keepsOwners: Bool) throws(SystemError) {
        root = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        self.keepsOwners = keepsOwners
    }

    /// Makes a directory, or gives the one that is there these attributes. What else is there is removed.
    public func makeDirectory(_ path: [UInt8], _ attributes: Attributes) throws(SystemError) {
        guard let place = try place(path) else { return try apply(attributes, to: root) }
        if try !isDirectory(place.name, in: place.parent) {
            try remove(place.name, in: place.parent, depth: 0)
            try checkErrno("mkdir", unsafe mkdirat(place.parent.number, place.name.cText, 0o700))
        }
        var attributes = attributes
        // Without other rights this process has to be able to add to it.
        if !keepsOwners { attributes.mode |= 0o700 }
        try apply(attributes, to: try open(place.name, in: place.parent, flags: O_RDONLY | O_DIRECTORY))
    }

    /// Makes an empty regular file in place of what is there, to be written and given its attributes.
    public func makeFile(_ path: [UInt8]) throws(SystemError) -> Descriptor {
        let place = try emptyPlace(path)
        return try open(place.name, in: place.parent, flags: O_WRONLY | O_CREAT | O_EXCL)
    }

    /// Gives a file or directory its attributes; the owner only if owners are kept.
    public func apply(_ attributes: Attributes, to file: borrowing Descriptor) throws(SystemError) {
        if keepsOwners { try checkErrno("fchown", fchown(file.number, attributes.owner, attributes.group)) }
        // After the owner, whose change takes the bits for other users away.
        try checkErrno("fchmod", fchmod(file.number, attributes.mode & 0o7777))
        let time = timespec(tv_sec: Int(attributes.modified), tv_nsec: 0)
        var times = (time, time)
        let result = unsafe withUnsafeBytes(of: &times) { bytes in
            unsafe futimens(file.number, bytes.baseAddress?.assumingMemoryBound(to: timespec.self))
        }
        try checkErrno("futimens", result)
    }

    /// Makes a symbolic link in place of what is there.
    public func makeLink(_ path: [UInt8], to target: [UInt8], _ attributes: Attributes) throws(SystemError) {
        let place = try emptyPlace(path)
        try checkErrno("symlink", unsafe symlinkat(target.cText, place.parent.number, place.name.cText))
        guard keepsOwners else { return }
        let (user, group) = (attributes.owner, attributes.group)
        let changed = unsafe fchownat(place.parent.number, place.name.cText, user, group, AT_SYMLINK_NOFOLLOW)
        try checkErrno("fchownat", changed)
    }

    /// Makes another place.name for a file of the tree, in place of what is there.
    public func makeName(_ path: [UInt8], of target: [UInt8]) throws(SystemError) {
        guard let old = try place(target) else { throw SystemError("link", code: EPERM) }
        // Its own place.name would be removed first.
        guard path != target else { return }
        let place = try emptyPlace(path)
        let result = unsafe linkat(old.parent.number, old.name.cText, place.parent.number, place.name.cText, 0)
        try checkErrno("link", result)
    }

    /// Makes a named pipe in place of what is there.
    public func makePipe(_ path: [UInt8], _ attributes: Attributes) throws(SystemError) {
        let place = try emptyPlace(path)
        try checkErrno("mkfifo", unsafe mkfifoat(place.parent.number, place.name.cText, 0o600))
        // Opened for both, a pipe waits for no other end.
        try apply(attributes, to: try open(place.name, in: place.parent, flags: O_RDWR | O_NONBLOCK))
    }

    /// Opens a file of the tree for reading, also through links; throws `EINVAL` for what is no regular file.
    public func openFile(_ path: [UInt8]) throws(SystemError) -> Descriptor {
        let result = unsafe clinux_open_in_root(
            root.number,
            path.cText,
            O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
            0
        )
        let file = Descriptor(owning: try check("open", result))
        _ = try HostileDirectory.size(of: file)
        return file
    }

    /// Whether there is nothing at `path`, or a directory and no link to one.
    public func canBeMountedOn(_ path: [UInt8]) throws(SystemError) -> Bool {
        var about = stat()
        let found = unsafe fstatat(root.number, path.cText, &about, AT_SYMLINK_NOFOLLOW)
        if found != 0, errno == ENOENT { return true }
        try checkErrno("fstatat", found)
        return about.st_mode & S_IFMT == S_IFDIR
    }

    /// Removes what is at `path` with all that is below it, if anything is there.
    public func remove(_ path: [UInt8]) throws(SystemError) {
        do throws(SystemError) {
            guard let place = try place(path, makesDirectories: false) else {
                throw SystemError("remove the root", code: EPERM)
            }
            try remove(place.name, in: place.parent, depth: 0)
        } catch {
            if error.code != ENOENT && error.code != ENOTDIR { throw error }
        }
    }

    /// Removes what is in the directory at `path`, but for the names for which `isKept`.
    public func removeContent(of path: [UInt8], except isKept: ([UInt8]) -> Bool) throws(SystemError) {
        let result = openInRoot(path.isEmpty ? [UInt8(ascii: ".")] : path)
        if result == -ENOENT { return }
        let directory = Descriptor(owning: try check("open", result))
        for name in try Files.entryNames(in: directory) where !isKept(name) {
            try remove(name, in: directory, depth: 0)
        }
    }
}

extension ConfinedTree {
    /// The directory that a path is in, which is made if it is missing, and the name in it; nil for the root itself.
    private func place(
        _ path: [UInt8],
        makesDirectories: Bool = true
    ) throws(SystemError) -> Place? {
        var steps = path.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }.map { Array($0) }
        guard !path.contains(0), !steps.contains([UInt8(ascii: "."), UInt8(ascii: ".")]) else {
            throw SystemError("a path with .. or NUL", code: EINVAL)
        }
        guard steps.count <= Self.depthMax else { throw SystemError("a path that is too deep", code: ENAMETOOLONG) }
        guard let name = steps.popLast() else { return nil }
        return Place(parent: try directory(steps[...], makesDirectories: makesDirectories), name: name)
    }

    private func emptyPlace(_ path: [UInt8]) throws(SystemError) -> Place {
        guard let place = try place(path) else { throw SystemError("replace the root", code: EPERM) }
        try remove(place.name, in: place.parent, depth: 0)
        return place
    }

    private func directory(_ steps: ArraySlice<[UInt8]>, makesDirectories: Bool) throws(SystemError) -> Descriptor {
        let path = steps.isEmpty ? [UInt8(ascii: ".")] : Array(steps.joined(separator: [UInt8(ascii: "/")]))
        let result = openInRoot(path)
        guard result == -ENOENT, makesDirectories, let name = steps.last else {
            return Descriptor(owning: try check("open", result))
        }
        let parent = try directory(steps.dropLast(), makesDirectories: true)
        try checkErrno("mkdir", unsafe mkdirat(parent.number, name.cText, 0o755))
        return try open(name, in: parent, flags: O_RDONLY | O_DIRECTORY)
    }

    /// Opens a name in a directory, through no link.
    private func open(
        _ name: [UInt8],
        in parent: borrowing Descriptor,
        flags: CInt
    ) throws(SystemError) -> Descriptor {
        let mode: UInt32 = flags & O_CREAT == 0 ? 0 : 0o600
        let result = unsafe clinux_open_beneath(parent.number, name.cText, flags | O_NOFOLLOW | O_CLOEXEC, mode)
        return Descriptor(owning: try check("open", result))
    }

    private func isDirectory(_ name: [UInt8], in parent: borrowing Descriptor) throws(SystemError) -> Bool {
        var about = stat()
        let result = unsafe fstatat(parent.number, name.cText, &about, AT_SYMLINK_NOFOLLOW)
        if result != 0, errno == ENOENT { return false }
        try checkErrno("fstatat", result)
        return about.st_mode & S_IFMT == S_IFDIR
    }

    private func remove(_ name: [UInt8], in parent: borrowing Descriptor, depth: Int) throws(SystemError) {
        if unsafe unlinkat(parent.number, name.cText, 0) == 0 { return }
        guard errno != ENOENT else { return }
        guard errno == EISDIR || errno == EPERM else { throw SystemError("unlink", code: errno) }
        guard depth <= Self.depthMax else { throw SystemError("unlink", code: ENAMETOOLONG) }
        let directory = try open(name, in: parent, flags: O_RDONLY | O_DIRECTORY)
        for name in try Files.entryNames(in: directory) { try remove(name, in: directory, depth: depth + 1) }
        try checkErrno("rmdir", unsafe unlinkat(parent.number, name.cText, AT_REMOVEDIR))
    }

    private func openInRoot(_ path: [UInt8]) -> CInt {
        unsafe clinux_open_in_root(root.number, path.cText, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    }
}

/// A name in a directory that was reached within the tree.
private struct Place: ~Copyable {
    let parent: Descriptor
    let name: [UInt8]
}
