internal import LinuxIsolation
internal import LinuxSystem

/// The read-only root that sessions see, built once: programs and libraries, a few settings, five devices.
struct RootTemplate {
    private let root: String
    private let sandbox: String
    private let isWorkerUser: Bool

    /// How many places may be covered: each is a mount of every session.
    private static let coveredMax = 256

    /// Builds on the empty directory `root`, in a mount namespace of the worker's own, with what `sandbox` has for it.
    ///
    /// Where sessions are the worker's own user, what that user can reach and others cannot is covered.
    init(at root: String, sandbox: String, forWorkerUser isWorkerUser: Bool) {
        self.root = root
        self.sandbox = sandbox
        self.isWorkerUser = isWorkerUser
    }

    /// Builds it, and gives the locks to hold for as long as there are sessions.
    func build() throws(SystemError) -> [FileLock] {
        try Mounts.mountMemory(at: root, options: "mode=755,size=4m,nr_inodes=1024")
        for directory in ["proc", "tmp", "mnt", "mnt/data", "var", "run"] { try makeDirectory(directory) }
        try makeCovers()
        try showPrograms()
        try showSettings()
        try Files.makeLink("\(root)/var/tmp", to: "/tmp")
        return try showDevices()
    }

    private func showPrograms() throws(SystemError) {
        try show("usr")
        for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
            if let target = Files.linkTarget("/\(name)") {
                try Files.makeLink("\(root)/\(name)", to: target)
            } else if Files.kind("/\(name)") != nil {
                try show(name)
            }
        }
    }

    private func showSettings() throws(SystemError) {
        try makeDirectory("etc")
        for directory in ["alternatives", "fonts", "ssl"] where Files.kind("/etc/\(directory)") == .directory {
            try show("etc/\(directory)")
        }
        for file in ["ld.so.cache", "matplotlibrc", "mime.types", "localtime", "os-release"] {
            guard let bytes = try? Files.read("/etc/\(file)") else { continue }
            try Files.create("\(root)/etc/\(file)", bytes)
        }
        let made = [
            "passwd": "sandbox:x:1000:1000:sandbox:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
            "group": "sandbox:x:1000:\nnogroup:x:65534:\n",
            "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
            "hostname": "sandbox\n",
            "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
        ]
        for (name, text) in made { try Files.create("\(root)/etc/\(name)", Array(text.utf8)) }
        try showStartOfPython()
    }

    /// Puts `sitecustomize.py` where Debian's Pythons look for it: their own is a link to there.
    private func showStartOfPython() throws(SystemError) {
        for python in Files.names(in: "/usr/lib") where python.hasPrefix("python3.") {
            let place = "/etc/\(python)/sitecustomize.py"
            guard Files.linkTarget("/usr/lib/\(python)/sitecustomize.py") == place else { continue }
            try makeDirectory("etc/\(python)")
            try Files.create("\(root)\(place)", try Files.read("\(sandbox)/sitecustomize.py"))
        }
    }

    private func showDevices() throws(SystemError) -> [FileLock] {
        try makeDirectory("dev")
        let locks = try TemplateDevices.show(in: root, place: "\(root)/mnt/data", empty: "\(root)/run")
        try makeDirectory("dev/shm")
        return locks
    }

    /// Shows a directory of the machine, for reading and running.
    private func show(_ path: String) throws(SystemError) {
        try makeDirectory(path)
        try Mounts.bind("/\(path)", at: "\(root)/\(path)")
        try Mounts.restrict("\(root)/\(path)", [.readOnly, .noSetUser, .noDevices], recursively: true)
        guard isWorkerUser else { return }
        for place in try PrivateFiles.below("/\(path)", max: RootTemplate.coveredMax) {
            let cover = place.isDirectory ? coveringDirectory : coveringFile
            try Mounts.bind(cover, at: "\(root)\(place.path)")
            try Mounts.restrict("\(root)\(place.path)", [.readOnly, .noSetUser, .noDevices], recursively: false)
        }
    }

    private var coveringDirectory: String { "\(root)/.private" }
    private var coveringFile: String { "\(root)/.private-file" }

    /// What lies over files that not every user may read: the session's user owns the covers, and their mode keeps it out.
    private func makeCovers() throws(SystemError) {
        guard isWorkerUser else { return }
        try Files.makeDirectory(coveringDirectory, mode: 0)
        try Files.create(coveringFile, [], mode: 0)
    }

    private func makeDirectory(_ path: String) throws(SystemError) {
        try Files.makeDirectory("\(root)/\(path)")
    }
}
