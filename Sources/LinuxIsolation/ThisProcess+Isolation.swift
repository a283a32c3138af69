internal import CLinux
internal import Glibc
public import LinuxSystem

/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
extension ThisProcess {
    /// Leaves the given namespaces for new ones.
    public static func unshare(_ namespaces: Namespaces) throws(SystemError) {
        try check("unshare", clinux_unshare(CInt(truncatingIfNeeded: namespaces.rawValue)))
    }

    /// Opens one of this process's namespaces for others to enter: `user`, `pid`, `mnt`, `ipc`, `uts` or `net`.
    ///
    /// Where a process is not dumpable, no other process may open them.
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

    /// Takes on one user and group, but keeps its saved user; supplementary groups are gone.
    ///
    /// A process may still write itself into a control group (v1) whose file was opened as the saved user. Where that has no
    /// number in this user namespace, there is no way back to it.
    public static func becomeKeepingSaved(user: UInt32, group: UInt32) throws(SystemError) {
        try check("setresuid \(user)", clinux_set_effective_ids(user, group))
    }

    /// Makes files from here on as another user and group, which takes the capabilities to become them.
    public static func makeFiles(asUser user: UInt32, group: UInt32) throws(SystemError) {
        try check("setfsuid \(user)", clinux_set_file_ids(user, group))
    }

    /// Gives up every capability, and the means to get one back.
    public static func dropCapabilities() throws(SystemError) {
        try check("capset", clinux_drop_capabilities())
    }

    /// Whether others of the same user may trace this process, read its memory and its `/proc` files.
    public static func setDumpable(_ isDumpable: Bool) throws(SystemError) {
        try check("prctl", clinux_set_dumpable(isDumpable ? 1 : 0))
    }

    /// The kernel kills this process when its parent ends; a fork and a change of user reset that.
    public static func dieWithParent() throws(SystemError) {
        try check("prctl", clinux_set_parent_death_signal(SIGKILL))
    }

    /// Brings up the loopback interface of this network namespace, which is this process's own.
    public static func bringUpLoopback() throws(SystemError) {
        try check("bring up lo", clinux_loopback_up())
    }

    /// When memory runs out, the kernel kills this process and its future children before others of the same size.
    ///
    /// `processes` is where the kernel shows processes and may be written to.
    public static func offerToMemoryKiller(through processes: String = "/proc") throws(SystemError) {
        try Files.write("500", to: "\(processes)/self/oom_score_adj")
    }

    /// On busy processors, other processes come before this one and its future children.
    public static func lowerPriority() throws(SystemError) {
        try checkErrno("setpriority", setpriority(CInt(PRIO_PROCESS.rawValue), 0, 5))
    }

    /// Ends abstract sockets and signals at this process and its future children, by Landlock; false where the kernel has
    /// no such scope.
    public static func scopeByLandlock() throws(SystemError) -> Bool {
        let result = clinux_landlock_scope()
        if result == -EOPNOTSUPP || result == -ENOSYS { return false }
        try check("landlock_restrict_self", result)
        return true
    }

    /// The version of Landlock that this kernel has, 0 if it has no Landlock.
    public static func landlockVersion() -> Int { max(0, Int(clinux_landlock_version())) }

    /// Starts a session and a process group of its own, without a terminal.
    public static func startSession() throws(SystemError) {
        try checkErrno("setsid", setsid())
    }

    /// Sets the host name of this namespace.
    public static func setHostName(_ name: String) throws(SystemError) {
        try checkErrno("sethostname", unsafe sethostname(name, name.utf8.count))
    }

    /// Replaces the environment by `variables` alone; the old one is overwritten where it lies, as `/proc` shows it.
    public static func setEnvironment(_ variables: [(name: String, value: String)]) {
        clinux_erase_environment()
        for (name, value) in variables { unsafe setenv(name, value, 1) }
    }

    /// Overwrites the arguments where they lie, as `/proc` shows them; to be called once they have been read.
    public static func eraseArguments() {
        for index in 0..<Int(CommandLine.argc) {
            if let argument = unsafe CommandLine.unsafeArgv[index] { unsafe memset(argument, 0, strlen(argument)) }
        }
    }

    /// Ignores a signal.
    public static func ignore(_ signal: CInt) { Glibc.signal(signal, SIG_IGN) }

    /// Gives a signal its default action again.
    public static func restore(_ signal: CInt) { Glibc.signal(signal, SIG_DFL) }

    /// Restarts this program from a sealed copy in memory, which `/proc` shows as `name`, unless it runs from one already.
    ///
    /// A process can change the mode of the file it runs from, through `/proc/self/exe`, if its user owns that file. The
    /// copy cannot be changed, and has no path that says something of this machine. To be called before all else.
    ///
    /// - Throws: `EACCES` where the kernel forbids programs in memory.
    public static func runFromMemory(named name: String) throws(SystemError) {
        guard !runsFromMemory, let path = Files.linkTarget("/proc/self/exe") else { return }
        let copy = Descriptor(owning: try check("memfd_create", unsafe clinux_memory_file(name)))
        let program = try Descriptor.open("/proc/self/exe", flags: O_RDONLY)
        while let bytes = try program.read(upTo: 1 << 20), !bytes.isEmpty { try copy.writeAll(bytes) }
        try check("seal", clinux_seal_program(copy.number))
        // The loader looks beside the program too, which the copy is not.
        let directory = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
        if Files.names(in: String(directory)).contains(where: { $0.hasPrefix("lib") && $0.contains(".so") }) {
            unsafe setenv("LD_LIBRARY_PATH", String(directory), 1)
        }
        try check("fexecve", unsafe clinux_execute(copy.number, CommandLine.unsafeArgv))
    }

    /// The program of this process and the libraries that it has loaded, by name; the program's is `program`.
    ///
    /// With its loader, which is one of them, it can be run from them alone.
    public static func programFiles() throws(SystemError) -> [(name: String, path: String)] {
        let maps = try Files.readText("/proc/self/maps").split(separator: "\n")
        let paths = Set(maps.compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } })
        let libraries = paths.filter { $0.contains(".so") && Files.kind($0) == .file }.sorted()
        return [(name: "program", path: "/proc/self/exe")]
            + libraries.map { (name: String($0.split(separator: "/").last ?? ""), path: $0) }
    }

    /// Sets the name that `ps` shows, of at most 15 bytes.
    public static func setName(_ name: String) {
        _ = unsafe clinux_set_name(name)
    }

    /// Whether this program runs from a copy in memory: see ``runFromMemory(named:)``.
    public static var runsFromMemory: Bool { Files.linkTarget("/proc/self/exe")?.hasPrefix("/memfd:") == true }

    /// Becomes the program that the first word names, looked for in the `PATH` of `environment`. Returns only by throwing.
    public static func execute(_ words: [[UInt8]], environment: [[UInt8]]) throws(SystemError) -> Never {
        precondition(!words.isEmpty, "no program")
        let arguments = unsafe strings(words)
        let variables = unsafe strings(environment)
        let result = unsafe clinux_execute_words(arguments, variables)
        throw SystemError("execvp", code: -result)
    }

    /// C's list of strings, ended by a null pointer; it is never freed.
    private static func strings(_ words: [[UInt8]]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
        for (index, word) in words.enumerated() {
            let string = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
            for (place, byte) in (word + [0]).enumerated() { unsafe string[place] = CChar(bitPattern: byte) }
            unsafe list[index] = string
        }
        unsafe list[words.count] = nil
        return unsafe list
    }

    /// Gives every signal its default action and blocks none, whatever this process's parent has made of them.
    public static func resetSignals() { clinux_reset_signals() }

    /// Changes this process's working directory; the path is bytes, without a byte 0.
    public static func changeDirectory(_ path: [UInt8]) throws(SystemError) {
        let result = unsafe (path + [0]).withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe clinux_change_directory($0.baseAddress) }
        }
        try check("chdir", result)
    }
}
