import LinuxIsolation
import LinuxSystem

/// A supervisor's message to the zygote that asks for an interpreter: nine descriptors and more (`SCM_RIGHTS`), and a byte.
///
/// The fork handshake, in which three processes take part:
///
///     supervisor                    zygote                     interpreter
///     request: six namespaces,
///     control, output, end,    ──▶  enter the pid namespace
///     the way into the group        fork into the group  ──▶   enter the older groups
///     apply its layers              remember `end`             ◀── started, its pid ── control
///     go-ahead, a byte ── control ─────────────────────────▶   enter the other namespaces
///     wait for `ready`                                         apply its layers
///                                                              ◀── ready or failed ── control
///                                   reap; exit status ── end ──▶ supervisor
///
/// The interpreter enters the mount namespace only after the go-ahead: before it, the root there is the worker's. The
/// supervisor is not its parent, so its exit status comes through the zygote. A supervisor that dies closes `control`,
/// and the interpreter ends where it waits; a zygote that dies closes all three, and the worker ends.
struct ForkRequest: ~Copyable {
    /// The pid namespace that the interpreter belongs in.
    let pidNamespace: Descriptor
    private let userNamespace: Descriptor
    private let mountNamespace: Descriptor
    private let ipcNamespace: Descriptor
    private let utsNamespace: Descriptor
    private let networkNamespace: Descriptor
    /// Whether the daemon waits for the interpreter already.
    let isUrgent: Bool
    /// Where requests come from and reports go.
    let control: Descriptor
    /// Where output goes.
    let output: Descriptor
    /// Where to report how the interpreter ended.
    let end: Descriptor
    /// The session's control group.
    let group: CgroupHandle

    private static let isUrgentBit: UInt8 = 1
    private static let isUnifiedBit: UInt8 = 2

    /// Sends a request for the session that this process supervises.
    ///
    /// - Parameters:
    ///   - channels: The interpreter's ends of its control socket, its output pipe and its end pipe; they stay the caller's.
    ///   - group: The session's control group.
    ///   - isUrgent: Whether the daemon waits already.
    ///   - socket: The descriptor socket that the zygote reads.
    static func send(
        channels: [CInt],
        group: borrowing CgroupHandle,
        isUrgent: Bool,
        through socket: borrowing Descriptor
    ) throws(SystemError) {
        let pid = try ThisProcess.openNamespace("pid")
        let user = try ThisProcess.openNamespace("user")
        let mount = try ThisProcess.openNamespace("mnt")
        let ipc = try ThisProcess.openNamespace("ipc")
        let uts = try ThisProcess.openNamespace("uts")
        let network = try ThisProcess.openNamespace("net")
        let namespaces = [pid.number, user.number, mount.number, ipc.number, uts.number, network.number]
        let flags = (isUrgent ? isUrgentBit : 0) | (group.isUnified ? isUnifiedBit : 0)
        try UnixSocket.send(namespaces + channels + group.entryNumbers, with: [flags], through: socket)
    }

    /// Takes over the descriptors of a message.
    init(_ message: DescriptorMessage) {
        let descriptors = message.descriptors
        let count = descriptors.count
        precondition(count >= 9 && message.bytes.count == 1, "a request of \(count) descriptors")
        isUrgent = message.bytes[0] & ForkRequest.isUrgentBit != 0
        pidNamespace = Descriptor(owning: descriptors[0])
        userNamespace = Descriptor(owning: descriptors[1])
        mountNamespace = Descriptor(owning: descriptors[2])
        ipcNamespace = Descriptor(owning: descriptors[3])
        utsNamespace = Descriptor(owning: descriptors[4])
        networkNamespace = Descriptor(owning: descriptors[5])
        control = Descriptor(owning: descriptors[6])
        output = Descriptor(owning: descriptors[7])
        end = Descriptor(owning: descriptors[8])
        let isUnified = message.bytes[0] & ForkRequest.isUnifiedBit != 0
        group = CgroupHandle(
            owning: Array(descriptors.dropFirst(isUnified ? 10 : 9)),
            unified: isUnified ? descriptors[9] : nil
        )
    }

    /// Whether the session that sent it has ended.
    var isAbandoned: Bool {
        var entries = [PollEntry(control.number, .read)]
        try? poll(&entries, timeoutMicroseconds: 0)
        return entries[0].ready.isDisjoint(with: .hangUp) == false
    }

    /// Enters the session's namespaces, but for the pid namespace, which a child is born into.
    ///
    /// The network namespace is entered only where it is the session's own: entering the worker's takes rights that the
    /// session does not have.
    func enterNamespaces(ownNetwork: Bool) throws(SystemError) {
        // The user namespace first: entering the others takes rights that it gives.
        try ThisProcess.enter(userNamespace)
        if ownNetwork { try ThisProcess.enter(networkNamespace) }
        try ThisProcess.enter(mountNamespace)
        try ThisProcess.enter(ipcNamespace)
        try ThisProcess.enter(utsNamespace)
    }
}
