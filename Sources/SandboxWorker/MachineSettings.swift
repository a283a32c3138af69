internal import LinuxSystem

/// The settings of a machine, in its `/etc` and `/var`.
enum MachineSettings {
    /// Where Debian's package manager keeps what is installed.
    static let packages = "var/lib/dpkg"

    /// Writes them to the template at `root`: all of them if it has the programs of this machine, else those that no image
    /// has a say in.
    static func write(to root: String, ofMachine isOfMachine: Bool) throws(SystemError) {
        for (name, text) in names { try Files.create("\(root)/etc/\(name)", Array(text.utf8)) }
        guard isOfMachine else { return }
        for directory in directories { try Files.makeDirectory("\(root)/\(directory)") }
        try Files.setMode("\(root)/var/tmp", 0o1777)
        for (name, text) in accounts { try Files.create("\(root)/etc/\(name)", Array(text.utf8)) }
        for name in copiedFiles {
            guard let bytes = try? Files.read("/etc/\(name)") else { continue }
            try Files.create("\(root)/etc/\(name)", bytes)
        }
        for name in copiedDirectories where Files.kind("/etc/\(name)") == .directory {
            try Files.makeDirectory("\(root)/etc/\(name)")
            try FileTree.copy("/etc/\(name)", to: "\(root)/etc/\(name)")
        }
        // This machine's names users and groups that sessions do not have.
        try Files.create("\(root)/\(packages)/statoverride", [])
        try writeSources(to: root)
    }

    /// Where packages come from, as this machine's administrator says; not what has a password in it.
    private static func writeSources(to root: String) throws(SystemError) {
        let text = "APT::Sandbox::User \"root\";\n"
        try Files.create("\(root)/etc/apt/apt.conf.d/00sandbox", Array(text.utf8))
        for directory in ["apt", "apt/sources.list.d", "apt/trusted.gpg.d"] {
            for name in Files.names(in: "/etc/\(directory)") {
                let path = "/etc/\(directory)/\(name)"
                guard name.hasSuffix(".list") || name.hasSuffix(".sources") || directory.hasSuffix(".gpg.d"),
                    Files.kind(path) == .file, Files.isPublic(path), let bytes = try? Files.read(path)
                else { continue }
                guard directory.hasSuffix(".gpg.d") || !bytes.contains(UInt8(ascii: "@")) else { continue }
                try Files.create("\(root)\(path)", bytes)
            }
        }
    }

    private static let names = [
        "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n", "hostname": "sandbox\n", "resolv.conf": "",
    ]

    private static let directories = [
        "home", "media", "opt", "srv", "var", "var/backups", "var/cache", "var/cache/apt", "var/cache/apt/archives",
        "var/cache/apt/archives/partial", "var/cache/debconf", "var/lib", "var/lib/apt", "var/lib/apt/lists",
        "var/lib/apt/lists/partial", "var/lib/dpkg", "var/local", "var/log", "var/log/apt", "var/spool",
        "var/tmp", "etc/apt", "etc/apt/apt.conf.d", "etc/apt/auth.conf.d", "etc/apt/preferences.d",
        "etc/apt/sources.list.d", "etc/apt/trusted.gpg.d",
    ]

    private static let accounts = [
        "passwd": "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
            + "man:x:6:12:man:/var/cache/man:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin"
            + "\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        "group": "root:x:0:\ndaemon:x:1:\nadm:x:4:\ntty:x:5:\nman:x:12:\nwww-data:x:33:\nshadow:x:42:\nutmp:x:43:\n"
            + "staff:x:50:\nusers:x:100:\nnogroup:x:65534:\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\n",
    ]

    /// What every user may read, and what is of the distribution rather than of this machine.
    private static let copiedFiles = [
        "adduser.conf", "ca-certificates.conf", "debconf.conf", "debian_version", "deluser.conf", "gai.conf",
        "host.conf", "ld.so.cache", "ld.so.conf", "localtime", "login.defs", "matplotlibrc", "mime.types", "os-release",
        "protocols", "services", "shells",
    ]

    private static let copiedDirectories = ["alternatives", "fonts", "ld.so.conf.d", "ssl"]
}
