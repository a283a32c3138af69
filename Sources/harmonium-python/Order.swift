import LinuxSystem

/// What a supervisor sends to get an interpreter.
struct Order: ~Copyable {
    /// The pid namespace that the interpreter belongs in.
    let processes: Descriptor
    private let users: Descriptor
    private let mounts: Descriptor
    private let queues: Descriptor
    private let names: Descriptor
    private let network: Descriptor
    /// Whether somebody waits for the interpreter already.
    let isUrgent: Bool
    /// Where requests come from and reports go.
    let control: Descriptor
    /// Where output goes.
    let output: Descriptor
    /// Where to tell how the interpreter ended.
    let end: Descriptor
    /// The way into the session's control group.
    let door: ControlGroupDoor

    private static let isUrgentBit: UInt8 = 1
    private static let isUnifiedBit: UInt8 = 2

    /// Sends an order for the session that this process supervises.
    static func send(
        control: borrowing Descriptor,
        output: borrowing Descriptor,
        end: borrowing Descriptor,
        door: borrowing ControlGroupDoor,
        isUrgent: Bool,
        through orders: borrowing Descriptor
    ) throws(SystemError) {
        let processes = try ThisProcess.openNamespace("pid")
        let users = try ThisProcess.openNamespace("user")
        let mounts = try ThisProcess.openNamespace("mnt")
        let queues = try ThisProcess.openNamespace("ipc")
        let names = try ThisProcess.openNamespace("uts")
        let network = try ThisProcess.openNamespace("net")
        let namespaces = [
            processes.number, users.number, mounts.number, queues.number, names.number, network.number,
        ]
        let descriptors = namespaces + [control.number, output.number, end.number] + door.wayIn
        let flags = (isUrgent ? isUrgentBit : 0) | (door.isUnified ? isUnifiedBit : 0)
        try UnixSocket.send(descriptors, with: [flags], through: orders)
    }

    /// Takes over the descriptors of a message.
    init(_ mail: UnixSocket.Mail) {
        let descriptors = mail.descriptors
        precondition(descriptors.count >= 9 && mail.bytes.count == 1, "an order of \(descriptors.count) descriptors")
        isUrgent = mail.bytes[0] & Order.isUrgentBit != 0
        processes = Descriptor(owning: descriptors[0])
        users = Descriptor(owning: descriptors[1])
        mounts = Descriptor(owning: descriptors[2])
        queues = Descriptor(owning: descriptors[3])
        names = Descriptor(owning: descriptors[4])
        network = Descriptor(owning: descriptors[5])
        control = Descriptor(owning: descriptors[6])
        output = Descriptor(owning: descriptors[7])
        end = Descriptor(owning: descriptors[8])
        let isUnified = mail.bytes[0] & Order.isUnifiedBit != 0
        door = ControlGroupDoor(
            owning: Array(descriptors.dropFirst(isUnified ? 10 : 9)),
            unified: isUnified ? descriptors[9] : nil
        )
    }

    /// Whether the session that sent it is gone.
    var isAbandoned: Bool {
        var entries = [PollEntry(control.number, .read)]
        try? poll(&entries, timeoutMicroseconds: 0)
        return entries[0].ready.isDisjoint(with: .hangUp) == false
    }

    /// Enters the session's namespaces, but for the processes', which a child is born into.
    ///
    /// The network's is entered only where it is the session's own: the worker's is not its to enter.
    func enterNamespaces(ownNetwork: Bool) throws(SystemError) {
        // First the users: entering the others takes rights that it gives.
        try ThisProcess.enter(users)
        if ownNetwork { try ThisProcess.enter(network) }
        try ThisProcess.enter(mounts)
        try ThisProcess.enter(queues)
        try ThisProcess.enter(names)
    }
}
