internal import LinuxIsolation
package import LinuxSystem
internal import SandboxProtocol

/// Data directories that sessions of this worker share with sessions of others, as the daemon asks (``DataRequest``).
///
/// A directory that is shared is also mounted in the worker's own mount namespace, from where it can be copied: with the
/// owners of its files mapped to a session's user, for which only the worker has the right.
package final class SharedData {
    /// A directory of a session, as the worker has it mounted.
    private struct Directory {
        let path: String
        /// The ID that owns what is in it, as the session that made it numbers it.
        let owner: UInt32
    }

    private let listener: Descriptor
    private let base: SandboxBase
    private var directories: [[UInt8]: Directory] = [:]
    private var made = 0

    /// How long the daemon may take to send a request on a connection, in microseconds.
    private static let requestMicroseconds: UInt64 = 1_000_000

    /// Answers on `listener`, which ``listen(beside:)`` has made.
    package init(_ listener: consuming Descriptor, base: SandboxBase) {
        self.listener = listener
        self.base = base
    }

    /// The descriptor socket beside `socket`, on which sessions wait. It is to be made before the worker's namespaces, where
    /// sessions could read its name.
    ///
    /// - Throws: `SystemError`; `EADDRINUSE` where its path exists, `ENAMETOOLONG` beyond 107 bytes.
    package static func listen(beside socket: String) throws(SystemError) -> Descriptor {
        try UnixSocket.listenDescriptorSocket(at: DataRequest.socket(of: socket))
    }

    /// Readable while the daemon asks.
    var listenerNumber: CInt { listener.number }

    /// Answers the next request; `find` gives the session that has a key.
    func answer(_ find: ([UInt8]) -> SessionProcess?) throws(SystemError) {
        let connection = try UnixSocket.accept(from: listener)
        let patience = SharedData.requestMicroseconds
        guard let message = try UnixSocket.receiveIfThere(from: connection, within: patience) else { return }
        let mounts = message.descriptors.map { MountCopy(owning: $0) }
        let answer: DataAnswer
        var lent: MountCopy?
        do throws(SystemError) {
            switch DataRequest(encoded: message.bytes) {
            case .lend(let key):
                let directory = try directory(of: key, find(key))
                lent = MountCopy(try Mounts.copy(directory.path))
                answer = DataAnswer(errno: 0, owner: directory.owner)
            case .join(let key, let owner):
                try join(key, find(key), mount: mounts.first, owner: owner)
                answer = DataAnswer(errno: 0)
            case .connect(let source, let target):
                try SharedData.connect(find(source), find(target))
                answer = DataAnswer(errno: 0)
            case nil: answer = DataAnswer(errno: 22)
            }
        } catch {
            answer = DataAnswer(errno: error.code)
        }
        // Fails if the daemon waits no more.
        try? UnixSocket.send([lent?.descriptor.number].compactMap { $0 }, with: answer.encoded, through: connection)
    }

    /// Forgets the directory of a session that has ended.
    func forget(_ key: [UInt8]) {
        guard let directory = directories.removeValue(forKey: key) else { return }
        SharedData.remove(directory.path)
    }

    private func directory(of key: [UInt8], _ session: SessionProcess?) throws(SystemError) -> Directory {
        if let directory = directories[key] { return directory }
        guard let session else { throw SharedData.noSession }
        let path = try attach(try SessionPlace(from: session.place).data)
        let directory = Directory(path: path, owner: base.sessionUser)
        directories[key] = directory
        return directory
    }

    private func join(
        _ key: [UInt8],
        _ session: SessionProcess?,
        mount: MountCopy?,
        owner: UInt32
    ) throws(SystemError) {
        guard let session, let mount, directories[key] == nil else { throw SharedData.noSession }
        let path = try attach(mount.descriptor)
        do throws(SystemError) {
            let mapping = try OwnerMapping(base.ids.mapping(ofOwner: owner, toUserOf: session.number))
            let copy = try mapping.copy(path)
            try SessionPlace(from: session.place).attach(copy)
        } catch {
            SharedData.remove(path)
            throw error
        }
        directories[key] = Directory(path: path, owner: owner)
    }

    /// Gives both sessions an end of a pipe.
    private static func connect(_ source: SessionProcess?, _ target: SessionProcess?) throws(SystemError) {
        guard let source, let target else { throw noSession }
        let pipe = try Pipe()
        // Fewer turns of both sides; the usual size does too.
        try? pipe.setCapacity(pipeBytes)
        try UnixSocket.send([pipe.writeEnd.number], through: source.place)
        try UnixSocket.send([pipe.readEnd.number], through: target.place)
    }

    /// Mounts a directory where the worker alone sees it.
    private func attach(_ mount: borrowing Descriptor) throws(SystemError) -> String {
        made += 1
        let path = "\(base.root)-data-\(made)"
        try Files.makeDirectory(path)
        do throws(SystemError) {
            try Mounts.attach(mount, at: path)
        } catch {
            try? Files.removeDirectory(path)
            throw error
        }
        return path
    }

    private static func remove(_ path: String) {
        try? Mounts.unmount(path)
        try? Files.removeDirectory(path)
    }

    private static let pipeBytes = 1 << 20
    private static let noSession = SystemError("a session that shares its data", code: 3)
}

/// A mount that is attached nowhere, which goes with this value.
private final class MountCopy {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    convenience init(owning number: CInt) { self.init(Descriptor(owning: number)) }
}
