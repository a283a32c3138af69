internal import LinuxIsolation
package import LinuxSystem

extension SessionRoot {
    /// Enters a root that the session's own root user may change, bounded in bytes and files.
    ///
    /// It is a memory file system of the session's own: a few settings, empty directories, and an overlay over the template's
    /// `/usr`. All is lost with the session. The template's files keep their owners, so that a directory of `/usr` whose owner
    /// is not a user of the session cannot be written there.
    package static func enterWritable(_ base: SandboxBase, terminalsMax: Int) throws(SystemError) {
        // By relative paths: once this process is the session's root, it may not go where the template lies.
        try ThisProcess.changeDirectory(Array(base.root.utf8))
        // A file of a user that the session does not have cannot be made.
        try ThisProcess.becomeKeepingSaved(user: 0, group: 0)
        let root = "run/root"
        // It counts as the session's memory: a full disk has to be an error, and not the end of its processes.
        let bytes = min(base.limits.diskBytes, base.limits.memoryBytes / 2)
        try Mounts.mountMemory(at: "run", options: "mode=755,size=\(bytes),nr_inodes=\(inodesMax)")
        for directory in ["run/root", "run/upper", "run/work"] { try Files.makeDirectory(directory) }
        try Mounts.bind(root, at: root)
        for path in directories { try Files.makeDirectory("\(root)/\(path)") }
        for path in ["tmp", "var/tmp"] { try Files.setMode("\(root)/\(path)", 0o1777) }
        try Mounts.mountWritableOverlay(of: "usr", upper: "run/upper", work: "run/work", at: "\(root)/usr")
        try copyLinks(to: root)
        try copySettings(to: root)
        try showDevices(in: root, terminalsMax: terminalsMax)
        try Mounts.mountProcesses(at: "\(root)/proc", options: "subset=pid")
        let dataBytes = min(base.limits.dataBytes, base.limits.memoryBytes / 4)
        try Mounts.mountMemory(at: "\(root)\(dataDirectory)", options: "mode=755,size=\(dataBytes),nr_inodes=65536")
        try Mounts.pivot(to: root)
    }

    private static let inodesMax = 262_144

    private static let directories = [
        "usr", "etc", "dev", "proc", "sys", "run", "root", "home", "opt", "srv", "tmp", "mnt", "mnt/data", "var",
        "var/tmp",
        "var/lib", "var/cache", "var/log",
    ]

    /// The links at the top of the template, such as `bin`, and its directories of programs where they are no links.
    private static func copyLinks(to root: String) throws(SystemError) {
        for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
            if let target = Files.linkTarget(name) {
                try Files.makeLink("\(root)/\(name)", to: target)
            } else if Files.kind(name) != nil {
                try Files.makeDirectory("\(root)/\(name)")
                try Mounts.bind(name, at: "\(root)/\(name)")
            }
        }
    }

    private static func copySettings(to root: String) throws(SystemError) {
        for name in Files.names(in: "etc") where accounts[name] == nil {
            let (source, target) = ("etc/\(name)", "\(root)/etc/\(name)")
            if Files.kind(source) == .directory {
                try Files.makeDirectory(target)
                try Mounts.bind(source, at: target)
                // All sessions have it, and its owner may be the user who is root here.
                try Mounts.restrict(target, [.readOnly, .noSetUser, .noDevices], recursively: true)
            } else {
                try Files.create(target, try Files.read(source))
            }
        }
        for (name, text) in accounts { try Files.create("\(root)/etc/\(name)", Array(text.utf8)) }
    }

    private static let accounts = [
        "passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        "group": "root:x:0:\nnogroup:x:65534:\n",
    ]

    private static func showDevices(in root: String, terminalsMax: Int) throws(SystemError) {
        for device in ["null", "zero", "full", "random", "urandom"] {
            try Files.create("\(root)/dev/\(device)", [])
            try Mounts.bind("dev/\(device)", at: "\(root)/dev/\(device)")
        }
        for directory in ["pts", "shm"] { try Files.makeDirectory("\(root)/dev/\(directory)") }
        try Mounts.mountTerminals(at: "\(root)/dev/pts", max: terminalsMax)
        try Mounts.mountMemory(
            at: "\(root)/dev/shm",
            options: "mode=1777,size=64m,nr_inodes=1024",
            noExecution: true
        )
        let links = [
            "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx",
        ]
        for (name, target) in links { try Files.makeLink("\(root)/dev/\(name)", to: target) }
    }
}
