internal import Glibc
internal import LinuxSystem

/// How programs are started that read what strangers have written.
package enum Unprivileged {
    /// Nobody's user and group, as Debian numbers them.
    package static let nobody = 65534

    /// Where programs are found.
    package static let directories = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]

    /// What goes before a command, so that it gains no privileges, is nobody's where the daemon is root, and hands its
    /// memory to no program of the machine's when it crashes.
    package static var prefix: [String] {
        let user = geteuid() == 0 ? ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"] : []
        let cores = CoreDumps.canBeRefused ? ["prlimit", "--core=1:1", "--"] : []
        return cores + ["setpriv", "--no-new-privs"] + user + ["--"]
    }
}
