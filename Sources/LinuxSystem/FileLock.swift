internal import CLinux
internal import Glibc

/// A lock on a file or directory, held for as long as this value lives, or a process that was forked meanwhile.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public final class FileLock: Sendable {
    private let descriptor: Descriptor

    /// Locks a directory for this process alone; nil where another process has locked it, or it is gone.
    ///
    /// Other processes see by the lock that the directory is in use, also those in other pid namespaces.
    public init?(onDirectory path: String) {
        guard let directory = try? Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
            flock(directory.number, LOCK_EX | LOCK_NB) == 0, FileLock.isStill(directory, at: path)
        else { return nil }
        descriptor = directory
    }

    /// Shares a lock on a directory with others that use what is in it; nil where one has it for itself alone, or it is gone.
    public init?(sharingDirectory path: String) {
        guard let directory = try? Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
            flock(directory.number, LOCK_SH | LOCK_NB) == 0, FileLock.isStill(directory, at: path)
        else { return nil }
        descriptor = directory
    }

    /// Shares locks of both kinds on all of a file, so that no process gets one for itself alone.
    ///
    /// On a file that all sessions can open, a lock would otherwise show one session what another does.
    public init(sharing path: String) throws(SystemError) {
        descriptor = try Descriptor.open(path, flags: O_RDONLY)
        try check("lock \(path)", clinux_share_locks(descriptor.number))
    }

    /// Whether another process has not removed the directory between our opening and our locking it.
    private static func isStill(_ directory: borrowing Descriptor, at path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        guard unsafe fstat(directory.number, &opened) == 0, unsafe lstat(path, &named) == 0 else { return false }
        return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }
}
