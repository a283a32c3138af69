internal import Glibc
public import LinuxSystem

/// A control group's open files: a process that holds them enters the group and reads its counts without a path.
///
/// The kernel checks the rights of the process that opened them, at that time.
///
/// No process moves another one into a group: the kernel would first wait for an RCU grace period, 10 ms and more. In the
/// unified hierarchy a process is born into the group, in the older ones it writes itself into it; neither waits.
/// Source: `cgroup_procs_write_start` and `cgroup_css_set_fork` of Linux.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct CgroupHandle: ~Copyable, Sendable {
    /// What is open in the hierarchy that bounds memory.
    struct Memory {
        /// Where the kernel counts its kills.
        let events: CInt
        /// Where it says what memory is used for.
        let use: CInt
        /// The one of the `tasks` files that is this hierarchy's, nil in the unified hierarchy.
        let entry: CInt?
    }

    /// A file in which the kernel counts processor time.
    struct Processors {
        let file: CInt
        /// Whether it is a table of words in microseconds, or else one number in nanoseconds.
        let isTable: Bool

        /// Nil where the group does not count it.
        init?(in place: ControlGroup.Place) {
            let path = "\(place.directory)/\(place.isUnified ? "cpu.stat" : "cpuacct.usage")"
            guard let file = (try? Descriptor.open(path, flags: O_RDONLY))?.release() else { return nil }
            self.file = file
            isTable = place.isUnified
        }
    }

    private let entries: [CInt]
    /// The open directory of the unified hierarchy; valid as long as this value lives.
    let unifiedNumber: CInt?
    private let memory: Memory?
    private let processors: Processors?

    /// A handle of no group: a process enters nothing, and nothing is counted.
    public init() { self.init(entries: [], unified: nil, memory: nil, processors: nil) }

    /// Takes over descriptors: the `tasks` of older hierarchies, and the directory in the unified one.
    public init(owning entries: [CInt], unified: CInt?) {
        self.init(entries: entries, unified: unified, memory: nil, processors: nil)
    }

    init(entries: [CInt], unified: CInt?, memory: Memory?, processors: Processors?) {
        self.processors = processors
        self.entries = entries
        unifiedNumber = unified
        self.memory = memory
    }

    deinit {
        for number in numbers { _ = close(number) }
    }

    /// The descriptors' numbers; valid as long as this value lives.
    public var numbers: [CInt] {
        entryNumbers + (memory.map { [$0.events, $0.use] } ?? []) + (processors.map { [$0.file] } ?? [])
    }

    /// Those of them that another process needs to enter the group, first the unified one if there is one.
    public var entryNumbers: [CInt] { [unifiedNumber].compactMap { $0 } + entries }
    /// Whether the first of ``entryNumbers`` is of the unified hierarchy.
    public var isUnified: Bool { unifiedNumber != nil }

    /// Enters the older hierarchies of the group with this process, which must have one thread.
    ///
    /// To be called before the process becomes another user than the one that opened the handle.
    ///
    /// - Throws: `EACCES` afterwards.
    public func enter() throws(SystemError) {
        for number in entries { try CgroupHandle.enter(number) }
    }

    /// Enters the hierarchy that bounds memory and no other, as ``enter()`` does.
    public func enterMemory() throws(SystemError) {
        if let number = memory?.entry { try CgroupHandle.enter(number) }
    }

    private static func enter(_ number: CInt) throws(SystemError) {
        try checkErrno("enter control group", unsafe Glibc.write(number, "0", 1))
    }

    /// Whether the group bounds memory.
    public var boundsMemory: Bool { memory != nil }

    /// How many processes of the group the kernel has killed because the memory limit was reached; 0 where it does not say.
    public func memoryKills() -> Int {
        memory.map { Int(CgroupHandle.value(of: ["oom_kill"], in: $0.events)) } ?? 0
    }

    /// How much memory the group's processes and files hold that the kernel cannot take back, in bytes; nil where the group
    /// does not bound it.
    public func memoryHeld() -> UInt64? {
        memory.map { CgroupHandle.value(of: ["anon", "rss", "shmem"], in: $0.use) }
    }

    /// How much processor time the group's processes have used, in microseconds, also those that have ended; nil where the
    /// group does not count it.
    public func processorTime() -> UInt64? {
        processors.map { processors in
            processors.isTable
                ? CgroupHandle.value(of: ["usage_usec"], in: processors.file)
                : (UInt64(CgroupHandle.text(of: processors.file).prefix { $0.isNumber }) ?? 0) / 1000
        }
    }

    /// The sum of the values that a file of words and values has for `names`.
    private static func value(of names: Set<Substring>, in file: CInt) -> UInt64 {
        text(of: file).split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count == 2, names.contains(words[0]) else { return sum }
            return sum + (UInt64(words[1]) ?? 0)
        }
    }

    private static func text(of file: CInt) -> String {
        var text = [UInt8](repeating: 0, count: 4096)
        let count = unsafe pread(file, &text, text.count, 0)
        return String(decoding: text.prefix(max(count, 0)), as: UTF8.self)
    }
}
