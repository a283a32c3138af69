internal import Glibc
internal import LinuxIsolation
internal import LinuxSystem

/// What `/proc` of a machine shows beside its processes: what programs ask for, of the session rather than of this machine.
struct MachineProcesses {
    /// Where the template has what lies over the kernel's.
    private static let directory = "proc"
    private static let emptyFile = "proc/.file"
    private static let emptyDirectory = "proc/.directory"
    /// What tells of the processor, the kernel and the time, which any program finds out by itself.
    private static let shown: Set = ["cpuinfo", "filesystems", "uptime", "version"]
    /// Settings of the kernel that C libraries, runtimes and tools read.
    private static let settings = [
        "fs/file-max", "fs/nr_open", "fs/pipe-max-size", "kernel/cap_last_cap", "kernel/ngroups_max",
        "kernel/osrelease", "kernel/ostype", "kernel/pid_max", "kernel/threads-max", "net/core/somaxconn",
        "vm/max_map_count", "vm/mmap_min_addr", "vm/overcommit_memory",
    ]

    /// Names in `/proc`, and what lies over them, relative to the template.
    private let covers: [(name: String, source: String)]

    /// Writes to the template at `root`, for sessions that may use `memoryBytes`.
    init(in root: String, memoryBytes: UInt64) throws(SystemError) {
        try Files.create("\(root)/\(MachineProcesses.emptyFile)", [], mode: 0o444)
        try Files.makeDirectory("\(root)/\(MachineProcesses.emptyDirectory)", mode: 0o555)
        for (name, text) in MachineProcesses.texts(memoryBytes: memoryBytes) {
            try Files.create("\(root)/\(MachineProcesses.directory)/\(name)", Array(text.utf8), mode: 0o444)
        }
        try MachineProcesses.writeSettings(to: "\(root)/\(MachineProcesses.directory)/sys")
        let own = Set(Files.names(in: "\(root)/\(MachineProcesses.directory)"))
        covers = Files.names(in: "/proc").sorted().compactMap { name in
            let path = "/proc/\(name)"
            guard Int(name) == nil, !MachineProcesses.shown.contains(name), Files.linkTarget(path) == nil else {
                return nil
            }
            if own.contains(name) { return (name, "\(MachineProcesses.directory)/\(name)") }
            let isDirectory = Files.kind(path) == .directory
            return (name, isDirectory ? MachineProcesses.emptyDirectory : MachineProcesses.emptyFile)
        }
    }

    /// In a session, with the template as working directory: mounts its processes at `path`.
    ///
    /// Where the kernel shows a session no more than its processes, as in a container whose `/proc` is covered, it is those.
    ///
    /// It is read-only: there a process would say that the kernel should rather kill those of other sessions when memory
    /// runs out. The supervisor, which says the opposite for its commands, keeps a way to the mount beneath by `trees`.
    func mount(at path: String, keeping trees: MachineTrees) throws(SystemError) {
        let isCovered = try MachineProcesses.mountKernels(at: path)
        try trees.keepProcesses(at: path)
        try Mounts.bind(path, at: path)
        for (name, source) in isCovered ? covers : [] {
            do throws(SystemError) {
                try Mounts.bind(source, at: "\(path)/\(name)")
            } catch {
                // What the kernel shows may change while the worker runs.
                guard error.code == ENOENT else { throw error }
            }
        }
        try Mounts.restrict(path, .readOnly, recursively: false)
    }

    /// Mounts what the kernel shows; false if that is processes alone.
    private static func mountKernels(at path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try Mounts.mountProcesses(at: path, options: "")
            return true
        } catch {
            try Mounts.mountProcesses(at: path, options: "subset=pid")
            return false
        }
    }

    private static func texts(memoryBytes: UInt64) -> [(name: String, text: String)] {
        let memory = memoryBytes >> 10
        let fields = [
            ("MemTotal", memory), ("MemFree", memory), ("MemAvailable", memory), ("Buffers", 0), ("Cached", 0),
            ("SwapCached", 0), ("Active", 0), ("Inactive", 0), ("SwapTotal", 0), ("SwapFree", 0), ("Dirty", 0),
            ("Writeback", 0), ("AnonPages", 0), ("Mapped", 0), ("Shmem", 0), ("Slab", 0), ("SReclaimable", 0),
            ("SUnreclaim", 0),
        ]
        let lines = fields.map { name, kibibytes in
            let number = "\(kibibytes)"
            let width = max(1, 24 - name.utf8.count - 1 - number.utf8.count)
            return "\(name):" + String(repeating: " ", count: width) + number + " kB\n"
        }
        let started = (try? Files.readText("/proc/stat"))?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        let zeros = String(repeating: " 0", count: 10)
        let processors = (0..<max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))).map { "cpu\($0)\(zeros)\n" }
        let rest = "intr 0\nctxt 0\n\(started ?? "btime 0")\nprocesses 1\nprocs_running 1\nprocs_blocked 0\nsoftirq 0\n"
        return [
            ("meminfo", lines.joined()), ("loadavg", "0.00 0.00 0.00 1/1 1\n"),
            ("stat", "cpu \(zeros)\n" + processors.joined() + rest),
            ("swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
        ]
    }

    private static func writeSettings(to root: String) throws(SystemError) {
        try Files.makeDirectory(root)
        for setting in settings {
            guard let bytes = try? Files.read("/proc/sys/\(setting)") else { continue }
            var path = root
            for directory in setting.split(separator: "/").dropLast() {
                path += "/\(directory)"
                if Files.kind(path) == nil { try Files.makeDirectory(path) }
            }
            try Files.create("\(root)/\(setting)", bytes, mode: 0o444)
        }
    }
}
