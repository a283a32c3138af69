internal import Glibc
internal import LinuxIsolation
internal import LinuxSystem

/// The five devices of a root template.
enum TemplateDevices {
    static let names = ["null", "zero", "full", "random", "urandom"]

    /// Shows them in `dev` of `root`, which exists, and gives the locks to hold for as long as there are sessions.
    ///
    /// The devices are files of the worker's where they can be, locked by it: neither the machine nor another session can
    /// see by their times and locks what a session does with them. `place` and `empty` are empty directories to make them.
    static func show(in root: String, place: String, empty: String) throws(SystemError) -> [FileLock] {
        let areOwn = mountOwnDevices(at: place, empty: empty)
        var locks: [FileLock] = []
        for device in names {
            let path = "\(root)/dev/\(device)"
            try Files.create(path, [])
            try Mounts.bind(areOwn ? "\(place)/\(device)" : "/dev/\(device)", at: path)
            // A device accepts writes on a read-only mount too.
            try Mounts.restrict(path, [.readOnly, .noSetUser, .noExecution], recursively: false)
            if areOwn { locks.append(try FileLock(sharing: path)) }
        }
        if areOwn { try Mounts.unmount(place) }
        let links = ["fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"]
        for (name, target) in links { try Files.makeLink("\(root)/dev/\(name)", to: target) }
        return locks
    }

    /// False where the kernel has no overlays, or opens no devices in them: in a user namespace.
    private static func mountOwnDevices(at path: String, empty: String) -> Bool {
        guard (try? Mounts.mountOverlay(of: "/dev", empty: empty, at: path)) != nil else { return false }
        if (try? Descriptor.open("\(path)/null", flags: O_RDWR)) != nil { return true }
        try? Mounts.unmount(path)
        return false
    }
}
