internal import LinuxIsolation
internal import LinuxSystem

/// Copies mounts with the owners of their files mapped to users of a session.
struct OwnerMapping: ~Copyable {
    /// A user namespace with the mapping; nil where nothing is mapped.
    private let users: Descriptor?

    /// Maps as `mapping` says, with a user namespace that is made for this alone; nil maps nothing.
    init(_ mapping: UserMapping?) throws(SystemError) {
        guard let mapping else {
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
        try mapping.apply(to: "\(process.pid)")
        // Stays when the process ends.
        users = try Descriptor.open("/proc/\(process.pid)/ns/user", flags: 0)
    }

    /// Whether the kernel can map the owners of a directory's files.
    func covers(_ path: String) -> Bool {
        switch users {
        case .some(let users): (try? Mounts.copy(path, users: users)) != nil
        case nil: false
        }
    }

    /// A copy of what is mounted at `path`; see ``LinuxIsolation/Mounts/copy(_:users:)``.
    func copy(_ path: String) throws(SystemError) -> Descriptor {
        switch users {
        case .some(let users): try Mounts.copy(path, users: users)
        case nil: try Mounts.copy(path)
        }
    }
}
