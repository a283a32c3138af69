internal import LinuxIsolation
internal import LinuxSystem

/// What leads to a session's data directory: a mount of it, and the namespaces in which another can be mounted over it.
///
/// The supervisor sends it to the pool before it confines itself. It stays in the socket until a session is to share the
/// directory, so that the others pay for one message alone.
struct SessionPlace: ~Copyable {
    /// A mount of the data directory that is attached nowhere.
    let data: Descriptor
    private let users: Descriptor
    private let mounts: Descriptor

    /// Sends the place of this process's session, whose root it has entered, through the descriptor socket `pool`.
    static func send(through pool: borrowing Descriptor) throws(SystemError) {
        let data = try Mounts.copy(SessionRoot.dataDirectory)
        let users = try ThisProcess.openNamespace("user")
        let mounts = try ThisProcess.openNamespace("mnt")
        try UnixSocket.send([data.number, users.number, mounts.number], through: pool)
    }

    /// Receives what the session has sent through `socket`.
    init(from socket: borrowing Descriptor) throws(SystemError) {
        // It was received before if there is nothing.
        guard let numbers = try UnixSocket.receiveIfThere(from: socket)?.descriptors, numbers.count == 3 else {
            throw SystemError("a session without a place", code: 22)
        }
        data = Descriptor(owning: numbers[0])
        users = Descriptor(owning: numbers[1])
        mounts = Descriptor(owning: numbers[2])
    }

    /// Mounts `copy` over the data directory; the session has run nothing, so that the path leads there.
    func attach(_ copy: borrowing Descriptor) throws(SystemError) {
        let outcome = try Pipe()
        guard try ProcessHandle.fork(into: CgroupHandle()) != nil else {
            try? outcome.writeEnd.writeAll([UInt8(truncatingIfNeeded: attachHere(copy))])
            ThisProcess.exit(0)
        }
        let code = try outcome.intoReadEnd().read(upTo: 1)?.first
        guard code == 0 else { throw SystemError("mount the data directory", code: Int32(code ?? 5)) }
    }

    /// In a process for this alone: why it could not be done, 0 if it was.
    private func attachHere(_ copy: borrowing Descriptor) -> Int32 {
        do throws(SystemError) {
            // The user namespace first: entering the other takes rights that it gives.
            try ThisProcess.enter(users)
            try ThisProcess.enter(mounts)
            try Mounts.attach(copy, at: SessionRoot.dataDirectory)
            return 0
        } catch {
            return error.code
        }
    }
}
