internal import LinuxIsolation
internal import LinuxSystem

/// What the writable root of a session is made of: directories of the worker's, over which the session has its changes.
///
/// Each part is an overlay in the session. The worker copies the mounts of the directories for it, with the owners of their
/// files mapped to the session's users where the kernel can: only the worker has the right to do so.
struct RootLayers {
    /// A directory beneath what a session changes.
    struct Lower {
        let path: String
        /// Whether the owners of its files become users of the session.
        let isMapped: Bool
    }

    /// An overlay at `path`, which is relative to the root and empty for the root itself; its first directory is on top.
    struct Part {
        let path: String
        let lowers: [Lower]
    }

    /// The root first, then what lies in it.
    let parts: [Part]
    /// Whether each session copies the template to its root, whose files it could not change else.
    let copiesTemplate: Bool
    /// What `/proc` shows.
    let processes: MachineProcesses
    /// Directories whose owners are not users of a session, so that it cannot write there.
    let unwritable: [String]

    /// Copies the mounts for the session whose supervisor will be the process `pid`. The caller owns the descriptors, one for
    /// each directory in the order of the parts.
    func copyMounts(forSessionOf pid: Int32) throws(SystemError) -> [CInt] {
        let users = try Descriptor.open("/proc/\(pid)/ns/user", flags: 0)
        var numbers: [CInt] = []
        do throws(SystemError) {
            for lower in parts.flatMap(\.lowers) {
                let copy = lower.isMapped ? try Mounts.copy(lower.path, users: users) : try Mounts.copy(lower.path)
                numbers.append(copy.release())
            }
        } catch {
            for number in numbers { _ = Descriptor(owning: number) }
            throw error
        }
        return numbers
    }
}
