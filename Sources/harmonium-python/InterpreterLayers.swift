import LinuxIsolation
import LinuxSystem
import SandboxWorker
import Seccomp

extension Layer {
    /// Makes the kernel kill the interpreter before the supervisor, which counts in the same group and without which the
    /// session is lost.
    ///
    /// It comes before the session's namespaces, whose `/proc` is read-only so that cells cannot take it back.
    static var firstToBeKilled: Layer {
        Layer("first to be killed") { () throws(SystemError) in try ThisProcess.offerToMemoryKiller() }
    }

    /// What confines the interpreter, and so all that cells run.
    ///
    /// It is in the session's namespaces but for that of control groups, which it makes itself.
    static func interpreter(_ base: SandboxBase, keeping descriptors: [CInt]) -> [Layer] {
        [
            Layer("session") { () throws(SystemError) in try ThisProcess.startSession() },
            // It is in its group already, which so becomes the root of the groups that it sees.
            Layer("view of control groups") { () throws(SystemError) in try ThisProcess.unshare(.cgroup) },
            Layer("descriptors") { () throws(SystemError) in
                try closeDescriptors(from: 3, except: descriptors)
            },
            Layer("user") { () throws(SystemError) in
                try ThisProcess.become(user: base.sessionUser, group: base.sessionUser)
            },
            Layer("capabilities") { () throws(SystemError) in try ThisProcess.dropCapabilities() },
            Layer("parent") { () throws(SystemError) in try ThisProcess.dieWithParent() },
            Layer("new privileges") { () throws(SystemError) in try ThisProcess.forbidNewPrivileges() },
            Layer("resources") { () throws(SystemError) in try resources(base.limits).apply() },
            // On a busy processor the supervisor, which keeps the time, comes first.
            Layer("priority") { () throws(SystemError) in try ThisProcess.lowerPriority() },
            Layer("Landlock") { () throws(SystemError) in _ = try ThisProcess.scopeByLandlock() },
            // Without this, root would own its files under /proc: no /dev/stdout, no close_fds.
            Layer("own process files") { () throws(SystemError) in try ThisProcess.setDumpable(true) },
            .systemCalls(base.systemCalls),
        ]
    }

    private static func resources(_ limits: SessionLimits) -> ResourceLimits {
        ResourceLimits(
            // What comes with the fork is not the session's doing.
            dataBytes: limits.memoryBytes + inheritedBytes,
            processes: limits.processesMax,
            fileBytes: max(limits.dataBytes, limits.temporaryBytes),
            descriptors: 1024
        )
    }

    private static let inheritedBytes: UInt64 = 512 << 20
}
