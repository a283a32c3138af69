internal import LinuxIsolation
package import LinuxSystem

/// The root of a session, which its supervisor builds and enters.
package enum SessionRoot {
    /// Where a session keeps its files.
    package static let dataDirectory = "/mnt/data"

    /// Enters the worker's root template, read-only, with file systems of the session's own where it may write.
    ///
    /// - Throws: `SystemError`, the step that failed; the process is then in no root that it could go on in.
    package static func enterReadOnly(_ base: SandboxBase) throws(SystemError) {
        try Mounts.bind(base.root, at: base.root)
        try mountOwnFiles(at: base.root, owner: base.sessionUser, limits: base.limits)
        try Mounts.restrict(base.root, [.readOnly, .noSetUser], recursively: false)
        try Mounts.pivot(to: base.root)
    }

    /// Mounts the session's own processes, temporary files, data and shared memory, each bounded in bytes and files.
    private static func mountOwnFiles(
        at root: String,
        owner: UInt32,
        limits: SessionLimits
    ) throws(SystemError) {
        let owned = "mode=700,uid=\(owner),gid=\(owner)"
        // A process that could write there would say that the kernel should rather kill those of other sessions.
        try Mounts.mountProcesses(at: "\(root)/proc", options: "subset=pid,hidepid=invisible", isReadOnly: true)
        try Mounts.mountMemory(at: "\(root)/tmp", options: "\(owned),size=\(limits.temporaryBytes),nr_inodes=65536")
        try Mounts.mountMemory(
            at: "\(root)\(dataDirectory)",
            options: "\(owned),size=\(limits.dataBytes),nr_inodes=65536"
        )
        try Mounts.mountMemory(at: "\(root)/dev/shm", options: "\(owned),size=64m,nr_inodes=1024", noExecution: true)
    }
}
