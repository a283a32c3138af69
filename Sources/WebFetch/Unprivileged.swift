internal import Glibc
internal import LinuxSystem

/// How programs are started that read what strangers have written.
package enum Unprivileged {
    /// The number of the user and group `nobody`, as Debian has them.
    package static let userNumber = 65534

    /// Where programs are found.
    package static let directories = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]

    /// What goes before a command, so that it gains no privileges, runs as `nobody` where the daemon is root, and hands its
    /// memory to no program of the machine's when it crashes.
    package static var prefix: [String] {
        let user = geteuid() == 0 ? ["--reuid=\(userNumber)", "--regid=\(userNumber)", "--clear-groups"] : []
        return confinement + ["--only-cores", "setpriv", "--no-new-privs"] + user + ["--"]
    }

    /// `harmonium confine`: this program, or the one beside it, for tests are another.
    static let confinement: [String] = {
        let own = Files.linkTarget("/proc/self/exe") ?? ""
        let folder = own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex)
        return [own.hasSuffix("/harmonium") ? "/proc/self/exe" : "\(folder)/harmonium", "confine"]
    }()
}
