internal import Glibc
package import LinuxSystem

/// A directory of a session whose changes are known, however it is mounted.
package final class MachineTree {
    /// Where it is in the session.
    package let path: String
    /// Reads what the session has changed in it.
    package let reader: TreeReader

    /// The data directory, opened by its path; so nothing may have run in the session yet.
    package static var data: MachineTree {
        get throws(SystemError) { try MachineTree(SessionRoot.dataDirectory, changes: open(SessionRoot.dataDirectory)) }
    }

    fileprivate static func open(_ path: String) throws(SystemError) -> Descriptor {
        try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    fileprivate init(_ path: String, changes: consuming Descriptor) {
        self.path = path
        reader = TreeReader(changes)
    }
}

/// The parts of its root that a session can change, which its supervisor opens before it enters that root: from there no path
/// leads to where the changes of an overlay are.
package final class MachineTrees {
    /// The root first, then what lies in it.
    package private(set) var all: [MachineTree] = []
    /// Where the supervisor writes to `/proc`, which is read-only by its path: a directory's descriptor that stays open.
    package private(set) var processes: CInt = -1

    /// No directory yet.
    package init() {}

    func add(_ path: String, changes: String) throws(SystemError) {
        all.append(MachineTree(path, changes: try MachineTree.open(changes)))
    }

    func keepProcesses(at path: String) throws(SystemError) { processes = try MachineTree.open(path).release() }
}
