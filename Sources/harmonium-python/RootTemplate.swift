import LinuxSystem

/// The read-only root that sessions see, built once: programs and libraries, a few settings, five devices.
struct RootTemplate {
    private let root: String

    /// Builds on the empty directory `root`, in a mount namespace of ours.
    init(at root: String) {
        self.root = root
    }

    func build() throws(SystemError) {
        try Mounts.mountMemory(at: root, options: "mode=755,size=4m,nr_inodes=1024")
        try showPrograms()
        try showSettings()
        try showDevices()
        for directory in ["proc", "tmp", "mnt", "mnt/data", "var", "run"] { try makeDirectory(directory) }
        try Files.makeLink("\(root)/var/tmp", to: "/tmp")
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
    }

    private func showDevices() throws(SystemError) {
        try makeDirectory("dev")
        for device in ["null", "zero", "full", "random", "urandom"] {
            try Files.create("\(root)/dev/\(device)", [])
            try Mounts.bind("/dev/\(device)", at: "\(root)/dev/\(device)")
        }
        try makeDirectory("dev/shm")
        let links = ["fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"]
        for (name, target) in links { try Files.makeLink("\(root)/dev/\(name)", to: target) }
    }

    /// Shows a directory of the machine, for reading and running.
    private func show(_ path: String) throws(SystemError) {
        try makeDirectory(path)
        try Mounts.bind("/\(path)", at: "\(root)/\(path)")
        try Mounts.restrict("\(root)/\(path)", [.readOnly, .noSetUser, .noDevices], recursively: true)
    }

    private func makeDirectory(_ path: String) throws(SystemError) {
        try Files.makeDirectory("\(root)/\(path)")
    }
}
