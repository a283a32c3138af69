internal import LinuxIsolation
package import LinuxSystem
package import Seccomp

/// What all sessions of a worker share: its own namespaces, the root template, and where their control groups are.
package struct SandboxBase {
    /// The directory on which the root of every session is built.
    let root: String
    /// Which users sessions have, by their IDs.
    let ids: SessionIDs
    /// What the roots of sessions are made of; nil where sessions see the template itself, which they cannot change.
    let layersOfRoot: RootLayers?
    /// The namespaces that each session has of its own.
    let namespaces: Namespaces
    /// What sessions can reach.
    package let network: NetworkPolicy
    /// The seccomp filters of sandboxed code, in the order in which a process installs them.
    package let systemCalls: [SystemCallFilter]
    /// Whether to print on standard error how long each layer took to apply.
    package let timesLayers: Bool
    /// Whether each session has a network namespace of its own.
    package let hasOwnNetworks: Bool
    let groups: ControlGroups
    /// What one session may use.
    package let limits: SessionLimits
    /// Held for as long as there are sessions.
    private let deviceLocks: [FileLock]

    /// The ID of the user that sandboxed code is, inside a session.
    package var sessionUser: UInt32 { ids.sessionUser }

    /// Enters namespaces of the worker's own and builds the root template. This process must have one thread.
    ///
    /// - Throws: A ``SystemError`` that says what a person can do where the machine refuses namespaces.
    ///
    /// - Parameters:
    ///   - options: How the worker was started.
    ///   - users: Which users a session has.
    ///   - systemCalls: The seccomp filters of sandboxed code.
    package init(
        options: WorkerOptions,
        users: SessionUsers,
        systemCalls: [SystemCallFilter]
    ) throws(SystemError) {
        root = options.root
        limits = options.limits
        timesLayers = options.timesLayers
        network = options.network
        hasOwnNetworks = network != .none || !options.networkSharing.applies(landlock: ThisProcess.landlockVersion())
        let always: Namespaces = [.user, .pid, .mount, .ipc, .uts]
        namespaces = always.union(hasOwnNetworks ? .network : [])
        self.systemCalls = systemCalls
        groups = ControlGroups(name: "harmonium-\(ThisProcess.pid)")
        if limits.totalMemoryBytes > 0 { try groups.boundMemory(bytes: limits.totalMemoryBytes) }
        try groups.boundProcesses(max: ResourceLimits.machineProcessesMax / 2)
        // Without a group the kernel counts by user: in the namespace that is made next, and so in all of its sessions.
        if !groups.boundsProcesses { try ResourceLimits.boundProcesses(max: ResourceLimits.machineProcessesMax / 2) }
        let outside = (ThisProcess.user, ThisProcess.group)
        let isPrivileged = try SandboxBase.enterNamespaces()
        ids = try SessionIDs(of: users, worker: outside, isPrivileged: isPrivileged)
        switch users {
        case .separate:
            let template = RootTemplate(at: root, sandbox: options.sandbox, forWorkerUser: !ids.areOwn)
            deviceLocks = try template.build()
            layersOfRoot = nil
        case .root:
            let template = MachineTemplate(
                at: root,
                image: options.image,
                ids: ids,
                memoryBytes: limits.memoryBytes
            )
            (layersOfRoot, deviceLocks) = try template.build()
        }
    }

    /// True if no user namespace was needed. Without either way there is no sandbox, and no worker.
    private static func enterNamespaces() throws(SystemError) -> Bool {
        let (user, group) = (ThisProcess.user, ThisProcess.group)
        let namespaces: Namespaces = [.mount, .network, .ipc]
        var isPrivileged = true
        do throws(SystemError) {
            try ThisProcess.unshare(namespaces)
        } catch {
            isPrivileged = false
            do throws(SystemError) {
                try ThisProcess.unshare(namespaces.union(.user))
            } catch {
                throw SystemError("\(remedy)\nunshare", code: error.code)
            }
            try UserMapping([.init(inside: user, user: user, group: group)]).apply(to: "self")
        }
        try Mounts.makePrivate()
        return isPrivileged
    }

    private static let remedy = """
        namespaces are refused here, and nothing runs without them: start as root, or allow user namespaces \
        (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, \
        user.max_user_namespaces above 0; in Docker --security-opt seccomp=unconfined, apparmor=unconfined \
        and systempaths=unconfined)
        """

    /// A control group for a session, nil where this machine lets the worker make none.
    func makeGroup(_ number: Int) throws(SystemError) -> ControlGroup? {
        guard groups.boundsMemory || groups.boundsProcesses || groups.sharesProcessors else { return nil }
        return try groups.makeGroup(
            "session-\(number)",
            memoryBytes: limits.memoryBytes,
            processesMax: limits.processesMax
        )
    }

    /// Removes what the base has made outside of its own namespaces: control groups.
    package func remove() { groups.remove() }
}

/// Which users a session has, by the IDs inside.
package enum SessionUsers: Sendable {
    /// Sandboxed code is an ordinary user; the supervisor is another where IDs can be had.
    case separate
    /// Sandboxed code is root, and can be any other user where IDs can be had. The supervisor is root too.
    case root
}
