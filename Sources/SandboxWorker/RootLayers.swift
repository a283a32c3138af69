internal import LinuxIsolation
internal import LinuxSystem

/// What the writable root of a session is made of: directories of the worker's, over which the session has its changes.
///
/// Each part is an overlay in the session. The worker copies the mounts of the directories for it, with the owners of their
/// files mapped to the session's users where the kernel can: only the worker has the right to do so.
struct RootLayers {
    /// A directory beneath what a session changes.
    struct Lower {
        let path: String
        /// Whether the owners of its files become users of the session.
        let isMapped: Bool
    }

    /// An overlay at `path`, which is relative to the root and empty for the root itself; its first directory is on top.
    struct Part {
        let path: String
        let lowers: [Lower]
    }

    /// The root first, then what lies in it.
    let parts: [Part]
    /// Whether each session copies the template to its root, whose files it could not change else.
    let copiesTemplate: Bool
    /// What `/proc` shows.
    let processes: MachineProcesses
    /// Directories whose owners are not users of a session, so that it cannot write there.
    let unwritable: [String]

    /// Copies the mounts for the session whose supervisor will be the process `pid`. The caller owns the descriptors, one for
    /// each directory in the order of the parts.
    func copyMounts(forSessionOf pid: Int32) throws(SystemError) -> [CInt] {
        let users = try Descriptor.open("/proc/\(pid)/ns/user", flags: 0)
        var numbers: [CInt] = []
        do throws(SystemError) {
            for lower in parts.flatMap(\.lowers) {
                let copy = lower.isMapped ? try Mounts.copy(lower.path, users: users) : try Mounts.copy(lower.path)
                numbers.append(copy.release())
            }
        } catch {
            for number in numbers { _ = Descriptor(owning: number) }
            throw error
        }
        return numbers
    }
}

/// Whether the kernel can map the owners of a directory's files to a session's users.
struct OwnerMapping: ~Copyable {
    /// A user namespace like those of sessions; nil where sessions are the worker's own user, and nothing is mapped.
    private let users: Descriptor?

    /// Finds out with a user namespace that is made for this alone.
    init(_ ids: SessionIDs) throws(SystemError) {
        guard ids.areOwn else {
            users = nil
            return
        }
        guard let process = try ProcessHandle.clone(into: .user, group: CgroupHandle()) else {
            // Until it is killed.
            var nothing: [PollEntry] = []
            _ = try? ThisProcess.dieWithParent()
            try? poll(&nothing, timeoutMicroseconds: nil)
            ThisProcess.exit(0)
        }
        defer {
            process.signal(9)
            var end = [PollEntry(process.descriptor.number, .read)]
            try? poll(&end, timeoutMicroseconds: nil)
            _ = try? reapChild()
        }
        try ids.mapping(forSession: 0).apply(to: "\(process.pid)")
        // Stays when the process ends.
        users = try? Descriptor.open("/proc/\(process.pid)/ns/user", flags: 0)
    }

    /// Whether it can.
    func covers(_ path: String) -> Bool {
        switch users {
        case .some(let users): (try? Mounts.copy(path, users: users)) != nil
        case nil: false
        }
    }
}
