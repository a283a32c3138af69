internal import CLinux
internal import Glibc

/// A file's new content, or its removal, prepared beside it, so that several files can change together.
///
/// Until ``finish()`` everything can be undone. The path has to stay where it is meanwhile.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct StagedFile: Sendable {
    /// The path that changes, through links.
    private let place: String
    /// The file beside it: the new content, and after ``takePlace()`` the old.
    private let beside: String
    private let isRemoval: Bool
    private let isNew: Bool
    private var hasTakenPlace = false

    /// Prepares `content` for `path`, or its removal if that is nil.
    ///
    /// What replaces a file has its owner and permissions; a new file those of `model`, or else those that the process
    /// gives to every file it makes. A link is followed to the file, but it is the link that is removed.
    public init(_ content: [UInt8]?, for path: String, like model: String? = nil) throws(SystemError) {
        var about = stat()
        let target = content == nil ? path : StagedFile.target(of: path)
        isNew = unsafe lstat(target, &about) != 0
        guard isNew || about.st_mode & S_IFMT != S_IFDIR else { throw SystemError("replace", code: EISDIR) }
        guard isNew || content == nil || about.st_mode & S_IFMT == S_IFREG else {
            throw SystemError("replace what is no regular file", code: EINVAL)
        }
        place = target
        let slash = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
        beside = target[..<slash] + ".patch-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        isRemoval = content == nil
        guard let content else { return }
        let file = try Descriptor.open(beside, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o666)
        do throws(SystemError) {
            try file.writeAll(content)
            let isLikeModel = model.map { unsafe stat($0, &about) == 0 } ?? !isNew
            guard isLikeModel else { return }
            // Who may not give files away owns the new one, as with every program that replaces files.
            _ = clinux_change_owner(file.number, about.st_uid, about.st_gid)
            try checkErrno("fchmod", fchmod(file.number, about.st_mode & 0o7777))
        } catch {
            _ = unsafe unlink(beside)
            throw error
        }
    }

    /// Puts the new content in the path's place, at once.
    public mutating func takePlace() throws(SystemError) {
        if isRemoval {
            try check("rename", unsafe clinux_rename_new(place, beside))
        } else if isNew {
            try check("rename", unsafe clinux_rename_new(beside, place))
        } else {
            try check("rename", unsafe clinux_exchange(place, beside))
        }
        hasTakenPlace = true
    }

    /// Makes everything as it was before.
    public func undo() {
        if hasTakenPlace, isRemoval {
            _ = unsafe clinux_rename_new(beside, place)
        } else if hasTakenPlace, isNew {
            _ = unsafe unlink(place)
        } else {
            if hasTakenPlace { _ = unsafe clinux_exchange(place, beside) }
            _ = unsafe unlink(beside)
        }
    }

    /// Forgets the old content, if ``takePlace()`` was called.
    public func finish() { _ = unsafe unlink(beside) }

    /// Whether there is something at `path` that is no directory.
    public static func canReplace(_ path: String) -> Bool {
        var about = stat()
        return unsafe lstat(path, &about) == 0 && about.st_mode & S_IFMT != S_IFDIR
    }

    /// Where a path leads; itself if nothing is there.
    private static func target(of path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
