import LinuxSystem

/// The layers between sandboxed code and this machine, in the order they close. One that fails ends the session.
///
/// The namespaces themselves come with the clone: user, pid, mount, ipc and uts; the network's is the worker's, and that
/// of control groups is the interpreter's own.
enum Confinement {
    /// Where a session keeps its files.
    static let dataDirectory = "/mnt/data"

    /// One layer, by name.
    struct Layer {
        let name: String
        let close: () throws(SystemError) -> Void
    }

    /// Closes layers around `whose` process one by one; says how long each took if `timed`.
    static func close(_ layers: [Layer], around whose: String, timed: Bool) throws(ConfinementError) {
        var clock = StepClock(of: whose, isOn: timed)
        for layer in layers {
            do throws(SystemError) {
                try layer.close()
            } catch {
                throw ConfinementError(layer: layer.name, cause: error)
            }
            clock.passed(layer.name)
        }
    }

    /// For the supervisor, which keeps its capabilities in the session's user namespace to start interpreters with.
    static func supervisorLayers(_ base: SandboxBase, limits: SessionLimits) -> [Layer] {
        [
            Layer(name: "root") { () throws(SystemError) in
                try Mounts.bind(base.root, at: base.root)
                try mountOwnFiles(at: base.root, owner: base.interpreter, limits: limits)
                try Mounts.restrict(base.root, [.readOnly, .noSetUser], recursively: false)
                try Mounts.pivot(to: base.root)
            },
            // Not before: the template lies where only the worker's own user may go.
            Layer(name: "user") { () throws(SystemError) in
                try ThisProcess.become(user: base.supervisor, group: base.supervisor)
            },
            Layer(name: "parent") { () throws(SystemError) in try ThisProcess.dieWithParent() },
            Layer(name: "network") { () throws(SystemError) in
                if base.network != .none { try ThisProcess.bringUpLoopback() }
            },
            Layer(name: "host name") { () throws(SystemError) in try ThisProcess.setHostName("sandbox") },
            Layer(name: "memory of the supervisor") { () throws(SystemError) in try ThisProcess.setDumpable(false) },
            Layer(name: "new privileges") { () throws(SystemError) in try ThisProcess.forbidNewPrivileges() },
            // Last, for it would refuse the steps before.
            Layer(name: "system calls of the supervisor") { () throws(SystemError) in
                try base.supervisorCalls.install()
            },
        ]
    }

    /// For the interpreter, and so for all that cells run.
    static func interpreterLayers(_ base: SandboxBase, limits: SessionLimits, keeping descriptors: [CInt]) -> [Layer] {
        [
            Layer(name: "session") { () throws(SystemError) in try ThisProcess.startSession() },
            // It is in its group already, which so becomes the root of what it can see of groups.
            Layer(name: "view of control groups") { () throws(SystemError) in try ThisProcess.unshare(.cgroup) },
            Layer(name: "descriptors") { () throws(SystemError) in
                try closeDescriptors(from: 3, except: descriptors)
            },
            Layer(name: "user") { () throws(SystemError) in
                try ThisProcess.become(user: base.interpreter, group: base.interpreter)
            },
            Layer(name: "capabilities") { () throws(SystemError) in try ThisProcess.dropCapabilities() },
            Layer(name: "parent") { () throws(SystemError) in try ThisProcess.dieWithParent() },
            Layer(name: "new privileges") { () throws(SystemError) in try ThisProcess.forbidNewPrivileges() },
            Layer(name: "resources") { () throws(SystemError) in
                try ResourceLimits(
                    // What the fork brought along is not the session's doing.
                    dataBytes: limits.memoryBytes + inheritedBytes,
                    processes: limits.processesMax,
                    fileBytes: max(limits.dataBytes, limits.temporaryBytes),
                    descriptors: 1024
                ).apply()
            },
            // Whoever keeps time and order comes first on a busy processor.
            Layer(name: "priority") { () throws(SystemError) in try ThisProcess.lowerPriority() },
            Layer(name: "Landlock") { () throws(SystemError) in _ = try ThisProcess.scopeByLandlock() },
            // Its own files under /proc would belong to nobody otherwise: no /dev/stdout, no close_fds.
            Layer(name: "own process files") { () throws(SystemError) in try ThisProcess.setDumpable(true) },
            // Before the supervisor, which counts in the same group and without which the session is lost.
            Layer(name: "first to be killed") { () throws(SystemError) in try ThisProcess.offerToMemoryKiller() },
            // Last, for it would refuse some of the steps before.
            Layer(name: "system calls") { () throws(SystemError) in
                for filter in base.systemCalls { try filter.install() }
            },
        ]
    }

    private static let inheritedBytes: UInt64 = 512 << 20

    private static func mountOwnFiles(
        at root: String,
        owner: UInt32,
        limits: SessionLimits
    ) throws(SystemError) {
        let owned = "mode=700,uid=\(owner),gid=\(owner)"
        try Mounts.mountProcesses(at: "\(root)/proc", options: "subset=pid,hidepid=invisible")
        try Mounts.mountMemory(at: "\(root)/tmp", options: "\(owned),size=\(limits.temporaryBytes),nr_inodes=65536")
        try Mounts.mountMemory(
            at: "\(root)\(dataDirectory)",
            options: "\(owned),size=\(limits.dataBytes),nr_inodes=65536"
        )
        try Mounts.mountMemory(at: "\(root)/dev/shm", options: "\(owned),size=64m,nr_inodes=1024", noExecution: true)
    }
}

/// A layer that could not be closed.
struct ConfinementError: Error, CustomStringConvertible {
    let layer: String
    let cause: SystemError

    var description: String { "the layer \(layer) could not be closed: \(cause)" }
}
