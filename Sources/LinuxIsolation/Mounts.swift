internal import CLinux
internal import Glibc
public import LinuxSystem

/// What a process does to its mount namespace.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public enum Mounts: Sendable {
    /// What may not be done with files below a mount.
    public struct Restrictions: OptionSet, Sendable {
        /// The bits of `mount_setattr(2)`.
        public let rawValue: UInt64
        /// Takes the bits of `mount_setattr(2)`.
        public init(rawValue: UInt64) { self.rawValue = rawValue }
        /// Nothing is written.
        public static let readOnly = Restrictions(rawValue: 0x1)
        /// Set-user-ID and set-group-ID bits have no effect.
        public static let noSetUser = Restrictions(rawValue: 0x2)
        /// No device file works.
        public static let noDevices = Restrictions(rawValue: 0x4)
        /// No file is run.
        public static let noExecution = Restrictions(rawValue: 0x8)
    }

    /// Makes every mount private: what is mounted or unmounted here does not show elsewhere, nor the reverse.
    public static func makePrivate() throws(SystemError) {
        try check("mount /", unsafe clinux_mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil))
    }

    /// Shows the file or directory `source` also at `target`, with everything mounted below it.
    public static func bind(_ source: String, at target: String) throws(SystemError) {
        let flags = UInt(MS_BIND | MS_REC)
        try check("mount \(source) at \(target)", unsafe clinux_mount(source, target, nil, flags, nil))
    }

    /// Adds restrictions to a mount; with `recursively`, to those below it too. A restriction is never lifted.
    public static func restrict(_ path: String, _ restrictions: Restrictions, recursively: Bool) throws(SystemError) {
        let result = unsafe clinux_mount_setattr(path, recursively ? 1 : 0, restrictions.rawValue)
        try check("mount_setattr \(path)", result)
    }

    /// Mounts an empty file system kept in memory.
    public static func mountMemory(at target: String, options: String, noExecution: Bool = false) throws(SystemError) {
        let flags = UInt(MS_NOSUID | MS_NODEV) | (noExecution ? UInt(MS_NOEXEC) : 0)
        try check("mount tmpfs at \(target)", unsafe clinux_mount("tmpfs", target, "tmpfs", flags, options))
    }

    /// Shows the directory `source`, read-only, as files of a file system of its own; `empty` is an empty directory.
    ///
    /// Locks and times of those files are not those of `source`. Devices among them work where the mount is made in the
    /// machine's first user namespace.
    public static func mountOverlay(of source: String, empty: String, at target: String) throws(SystemError) {
        let options = "lowerdir=\(source):\(empty)"
        try check("mount overlay at \(target)", unsafe clinux_mount("overlay", target, "overlay", 0, options))
    }

    /// Mounts an overlay: `lowers`, of which the first is on top, stay as they are, and what is changed goes to `upper`; `work`
    /// is an empty directory beside it.
    ///
    /// It may be made in a user namespace.
    public static func mountWritableOverlay(
        of lowers: [String],
        upper: String,
        work: String,
        at target: String
    ) throws(SystemError) {
        let lower = lowers.joined(separator: ":")
        let options = "lowerdir=\(lower),upperdir=\(upper),workdir=\(work),userxattr"
        let flags = UInt(MS_NOSUID | MS_NODEV)
        try check("mount overlay at \(target)", unsafe clinux_mount("overlay", target, "overlay", flags, options))
    }

    /// A copy of what is mounted at `source`, from there down and without the mounts below it, to be attached elsewhere.
    ///
    /// Another process may attach it, in its own mount namespace.
    public static func copy(_ source: String) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check("copy mount \(source)", unsafe clinux_copy_mount(source, -1)))
    }

    /// A copy as ``copy(_:)`` makes it, in which file owners count as IDs inside the user namespace `users`.
    ///
    /// - Throws: `EINVAL` where the file system cannot do so, `EPERM` for one that was not mounted by this machine's root.
    public static func copy(_ source: String, users: borrowing Descriptor) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check("map mount \(source)", unsafe clinux_copy_mount(source, users.number)))
    }

    /// Attaches a copy at the directory `target`.
    public static func attach(_ copy: borrowing Descriptor, at target: String) throws(SystemError) {
        try check("attach mount at \(target)", unsafe clinux_attach_mount(copy.number, target))
    }

    /// Makes a place at `path`, in a lower directory of an overlay, where what lies below it does not show.
    public static func makeWhiteout(_ path: String) throws(SystemError) {
        try check("whiteout \(path)", unsafe clinux_make_whiteout(path))
    }

    /// Mounts a devpts of its own, with at most `max` pseudo-terminals.
    public static func mountTerminals(at target: String, max: Int) throws(SystemError) {
        let options = "newinstance,ptmxmode=0666,mode=0620,max=\(max)"
        let flags = UInt(MS_NOSUID | MS_NOEXEC)
        try check("mount devpts at \(target)", unsafe clinux_mount("devpts", target, "devpts", flags, options))
    }

    /// Takes a mount away; what was bound from it stays.
    public static func unmount(_ target: String) throws(SystemError) {
        try checkErrno("umount \(target)", unsafe umount2(target, CInt(MNT_DETACH)))
    }

    /// Mounts the processes of this pid namespace, read-only where `isReadOnly` says so.
    public static func mountProcesses(
        at target: String,
        options: String,
        isReadOnly: Bool = false
    ) throws(SystemError) {
        let flags = UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC) | (isReadOnly ? UInt(MS_RDONLY) : 0)
        try check("mount proc at \(target)", unsafe clinux_mount("proc", target, "proc", flags, options))
    }

    /// Makes `path`, a mount, the root of everything, and lets go of what was there before.
    public static func pivot(to path: String) throws(SystemError) {
        try check("pivot_root \(path)", unsafe clinux_pivot_root(path))
    }
}
