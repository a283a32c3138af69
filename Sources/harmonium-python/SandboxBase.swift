import LinuxSystem

/// What all sessions of a worker share: the namespaces it sits in, the root they see, where their groups are made.
struct SandboxBase {
    /// The directory on which the root of every session is built.
    let root: String
    /// The user that supervisors act as, inside.
    let supervisor: UInt32
    /// The user that interpreters act as, inside.
    let interpreter: UInt32
    /// The highest of the users that sessions are outside, nil where all are the worker's own.
    private let lastUser: UInt32?
    private let workerUser: (id: UInt32, group: UInt32)
    /// The namespaces that each session gets anew.
    let namespaces: Namespaces
    /// What sessions can reach.
    let network: NetworkPolicy
    /// Holds interpreters to the system calls they may make.
    let systemCalls: [SystemCallFilter]
    /// Holds supervisors to those that they make.
    let supervisorCalls: SystemCallFilter
    /// Whether to say on standard error how long each layer took to close.
    let timesLayers: Bool
    /// Whether each session has a network namespace of its own.
    let hasOwnNetworks: Bool
    let groups: ControlGroups
    let limits: SessionLimits
    private let devices: [FileLock]

    private static let interpreterID: UInt32 = 1000
    private static let supervisorID: UInt32 = 999

    /// Enters namespaces of our own and builds the root. This process must have one thread.
    init(options: Options) throws(SystemError) {
        root = options.root
        limits = options.limits
        timesLayers = options.timesLayers
        network = options.network
        hasOwnNetworks = network != .none || !options.networkSharing.applies(landlock: ThisProcess.landlockVersion())
        let always: Namespaces = [.user, .pid, .mount, .ipc, .uts]
        namespaces = always.union(hasOwnNetworks ? .network : [])
        systemCalls = try SystemCallPolicy.filters(path: "\(options.sandbox)/syscalls.txt", network: network)
        supervisorCalls = try SystemCallPolicy.supervisorFilter()
        groups = ControlGroups(name: "harmonium-\(ThisProcess.pid)")
        if limits.totalMemoryBytes > 0 { try groups.boundMemory(bytes: limits.totalMemoryBytes) }
        try groups.boundProcesses(max: ResourceLimits.machineProcessesMax / 2)
        // Without a group: counted by user, in the namespace that is made next and so in all of its sessions.
        if !groups.boundsProcesses { try ResourceLimits.boundProcesses(max: ResourceLimits.machineProcessesMax / 2) }
        let outside = (ThisProcess.user, ThisProcess.group)
        let isPrivileged = try SandboxBase.enterNamespaces()
        workerUser = (outside.0, outside.1)
        if isPrivileged, Capabilities([.setUser, .setGroup]).areHeld, let (_, last) = try UserMapping.unusedIDs() {
            supervisor = SandboxBase.supervisorID
            lastUser = last
        } else {
            supervisor = SandboxBase.interpreterID
            lastUser = nil
        }
        interpreter = SandboxBase.interpreterID
        devices = try RootTemplate(at: options.root, forWorkerUser: lastUser == nil).build()
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

    /// Whose the users of a session are outside: nobody else's, for the kernel counts some things by user, such as
    /// descriptors under way and the memory of pipes. Where users are few, sessions share them.
    func mapping(forSession number: Int) -> UserMapping {
        guard let lastUser else {
            return UserMapping([.init(inside: interpreter, user: workerUser.id, group: workerUser.group)])
        }
        let pairCount = lastUser >= SandboxBase.manyUsers ? SandboxBase.pairsMax : 1
        let second = lastUser - 2 * UInt32(number % pairCount)
        return UserMapping([
            .init(inside: supervisor, user: second - 1, group: second - 1),
            .init(inside: interpreter, user: second, group: second),
        ])
    }

    private static let manyUsers: UInt32 = 1_000_000_000
    private static let pairsMax = 1 << 16

    /// A group for a session, nil where none can be made.
    func makeGroup(_ number: Int) throws(SystemError) -> ControlGroup? {
        guard groups.boundsMemory || groups.boundsProcesses || groups.sharesProcessors else { return nil }
        return try groups.makeGroup(
            "session-\(number)",
            memoryBytes: limits.memoryBytes,
            processesMax: limits.processesMax
        )
    }

    /// Removes what the base left outside of its own namespaces.
    func remove() { groups.remove() }
}
