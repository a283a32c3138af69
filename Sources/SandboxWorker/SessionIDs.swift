internal import LinuxIsolation
internal import LinuxSystem

/// The IDs of a session's users, inside and outside.
struct SessionIDs {
    let users: SessionUsers
    /// The ID of the user that supervisors are, inside a session.
    let supervisor: UInt32
    /// The ID of the user that sandboxed code is, inside a session.
    let sessionUser: UInt32
    /// The highest ID that a session's users have outside; nil where they are all the worker's own user.
    private let last: UInt32?
    private let worker: (id: UInt32, group: UInt32)

    /// Whether sessions have users that are not the worker's own.
    var areOwn: Bool { last != nil }

    private static let sessionUserID: UInt32 = 1000
    private static let supervisorID: UInt32 = 999

    /// The IDs that the worker, which is the user `worker` outside, can hand out; `isPrivileged` if it is in the machine's
    /// own user namespace with rights there.
    init(
        of users: SessionUsers,
        worker: (id: UInt32, group: UInt32),
        isPrivileged: Bool
    ) throws(SystemError) {
        self.users = users
        self.worker = worker
        let ordinary = SessionIDs.sessionUserID
        if isPrivileged, Capabilities([.setUser, .setGroup]).areHeld, let (_, last) = try UserMapping.unusedIDs() {
            supervisor = users == .root ? 0 : SessionIDs.supervisorID
            self.last = last
        } else {
            supervisor = users == .root ? 0 : ordinary
            last = nil
        }
        sessionUser = users == .root ? 0 : ordinary
    }

    /// The users outside that a session's users are. Each session has its own, because the kernel counts some things by
    /// user, such as descriptors in flight and the memory of pipes. Where IDs are few, sessions share them.
    func mapping(forSession number: Int) -> UserMapping {
        guard let last else {
            return UserMapping([.init(inside: sessionUser, user: worker.id, group: worker.group)])
        }
        if users == .root { return rootMapping(forSession: number, last: last) }
        let pairCount = last >= SessionIDs.manyUsers ? SessionIDs.pairsMax : 1
        let second = last - 2 * UInt32(number % pairCount)
        return UserMapping([
            .init(inside: supervisor, user: second - 1, group: second - 1),
            .init(inside: sessionUser, user: second, group: second),
        ])
    }

    /// Root and all other users of a session, outside a range of IDs of its own; root alone where IDs are few.
    private func rootMapping(forSession number: Int, last: UInt32) -> UserMapping {
        let count = SessionIDs.rangeCount
        guard last >= 2 * count else {
            return UserMapping([.init(inside: 0, user: last, group: last)])
        }
        let rangeCount = last >= SessionIDs.manyUsers ? SessionIDs.rangesMax : 1
        let first = last + 1 - count * (1 + UInt32(number % rangeCount))
        return UserMapping([.init(inside: 0, user: first, group: first, count: count)], allowsGroups: true)
    }

    /// Makes the ID `owner` of a file system the user that sandboxed code of a session is; nil where all are the worker's own.
    func mapping(ofOwner owner: UInt32, toUserOf session: Int) -> UserMapping? {
        guard areOwn else { return nil }
        let entry = mapping(forSession: session).entries.first { entry in
            (entry.inside..<entry.inside + entry.count).contains(sessionUser)
        }
        return entry.map { entry in
            let offset = sessionUser - entry.inside
            return UserMapping([.init(inside: owner, user: entry.user + offset, group: entry.group + offset)])
        }
    }

    private static let rangeCount: UInt32 = 65536
    private static let rangesMax = 4096
    private static let manyUsers: UInt32 = 1_000_000_000
    private static let pairsMax = 1 << 16
}
