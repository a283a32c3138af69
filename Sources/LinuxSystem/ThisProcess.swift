internal import CLinux
internal import Glibc

/// What a process does to itself for good.
public enum ThisProcess: Sendable {
    /// Leaves the given namespaces for new ones.
    public static func unshare(_ namespaces: Namespaces) throws(SystemError) {
        try check("unshare", clinux_unshare(CInt(truncatingIfNeeded: namespaces.rawValue)))
    }

    /// Opens one of this process's namespaces for others to enter: `user`, `pid`, `mnt`, `ipc`, `uts` or `net`.
    ///
    /// Where a process is not dumpable, nobody else may open them.
    public static func openNamespace(_ name: String) throws(SystemError) -> Descriptor {
        try Descriptor.open("/proc/self/ns/\(name)", flags: O_RDONLY)
    }

    /// Enters a namespace; a pid namespace is that of the children to come.
    public static func enter(_ namespace: borrowing Descriptor) throws(SystemError) {
        try check("setns", clinux_setns(namespace.number))
    }

    /// Takes on one user and group for good; supplementary groups are gone.
    public static func become(user: UInt32, group: UInt32) throws(SystemError) {
        try check("setresuid \(user)", clinux_set_ids(user, group))
    }

    /// Gives up every capability, and the means to get one back.
    public static func dropCapabilities() throws(SystemError) {
        try check("capset", clinux_drop_capabilities())
    }

    /// No program run from here on gains rights by its file's bits.
    public static func forbidNewPrivileges() throws(SystemError) {
        try check("prctl", clinux_set_no_new_privileges())
    }

    /// Whether others of the same user may trace this process, read its memory and its `/proc` files.
    public static func setDumpable(_ isDumpable: Bool) throws(SystemError) {
        try check("prctl", clinux_set_dumpable(isDumpable ? 1 : 0))
    }

    /// The kernel kills this process when its parent ends; to be said anew after fork and after a change of user.
    public static func dieWithParent() throws(SystemError) {
        try check("prctl", clinux_set_parent_death_signal(SIGKILL))
    }

    /// Brings up the loopback interface of this network namespace, which is this process's own.
    public static func bringUpLoopback() throws(SystemError) {
        try check("bring up lo", clinux_loopback_up())
    }

    /// Others come before this process and its future children when processors are busy.
    public static func lowerPriority() throws(SystemError) {
        try checkErrno("setpriority", setpriority(CInt(PRIO_PROCESS.rawValue), 0, 5))
    }

    /// No abstract socket and no process outside is reachable any more; false where the kernel cannot do that.
    public static func scopeByLandlock() throws(SystemError) -> Bool {
        let result = clinux_landlock_scope()
        if result == -EOPNOTSUPP || result == -ENOSYS { return false }
        try check("landlock_restrict_self", result)
        return true
    }

    /// The version of Landlock that this kernel has, 0 for none.
    public static func landlockVersion() -> Int { max(0, Int(clinux_landlock_version())) }

    /// Starts a session and a process group of its own, without a terminal.
    public static func startSession() throws(SystemError) {
        try checkErrno("setsid", setsid())
    }

    /// Sets the name that `ps` shows, of at most 15 bytes.
    public static func setName(_ name: String) {
        _ = unsafe clinux_set_name(name)
    }

    /// Sets the host name of this namespace.
    public static func setHostName(_ name: String) throws(SystemError) {
        try checkErrno("sethostname", unsafe sethostname(name, name.utf8.count))
    }

    /// Replaces the environment by `variables` alone.
    public static func setEnvironment(_ variables: [(name: String, value: String)]) {
        clearenv()
        for (name, value) in variables { unsafe setenv(name, value, 1) }
    }

    /// A signal is passed over.
    public static func ignore(_ signal: CInt) { Glibc.signal(signal, SIG_IGN) }
    /// A signal does again what it does by default.
    public static func restore(_ signal: CInt) { Glibc.signal(signal, SIG_DFL) }

    /// Puts huge pages behind this process's memory where the kernel can: forks then copy a fraction of its page tables.
    public static func collapseMemory() {
        let pageBytes: UInt = 1 << 21
        let maps = (try? Files.readText("/proc/self/maps")) ?? ""
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard fields[1] == "rw-p", fields.count == 5 || fields[5] == "[heap]", bounds.count == 2 else { continue }
            let first = (bounds[0] + pageBytes - 1) / pageBytes * pageBytes
            // One by one: a range that cannot be collapsed is no reason to leave the next.
            for start in stride(from: first, to: max(first, bounds[1] / pageBytes * pageBytes), by: Int(pageBytes)) {
                _ = clinux_collapse(start, Int(pageBytes))
            }
        }
    }

    /// Ends now, without running anything that was left to be run at exit.
    public static func exit(_ status: CInt) -> Never { _exit(status) }

    /// The user this process acts as.
    public static var user: UInt32 { geteuid() }
    /// The group this process acts as.
    public static var group: UInt32 { getegid() }
    /// The process's number.
    public static var pid: Int32 { getpid() }
}
