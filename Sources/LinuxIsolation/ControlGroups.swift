internal import Glibc
public import LinuxSystem

/// Where this machine lets this process make control groups, in either version of them.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct ControlGroups: Sendable {
    /// One hierarchy that counts and bounds something.
    private struct Hierarchy {
        /// A directory of this process, in which each group is a directory.
        let base: String
        let isUnified: Bool
    }

    private let name: String
    private let memory: Hierarchy?
    private let processes: Hierarchy?
    private let processors: Hierarchy?
    /// On the directories of this process: other workers see by them that the directories are in use.
    private let locks: [String: FileLock]

    /// Whether groups bound memory.
    public var boundsMemory: Bool { memory != nil }
    /// Whether groups bound the number of processes and threads.
    public var boundsProcesses: Bool { processes != nil }
    /// Whether groups share the processors equally, however many processes each has.
    public var sharesProcessors: Bool { processors != nil }

    /// Finds what is writable, and makes a directory `name` there that will hold the groups.
    ///
    /// Other directories with the same name up to the last `-`, which no process locks and whose groups have no processes,
    /// are what a killed worker left, and are removed.
    public init(name: String) {
        self.name = name
        let own = ControlGroups.ownPaths()
        var locks: [String: FileLock] = [:]
        memory = ControlGroups.find("memory", own: own, name: name, locks: &locks)
        processes = ControlGroups.find("pids", own: own, name: name, locks: &locks)
        processors = ControlGroups.find("cpu", own: own, name: name, locks: &locks)
        self.locks = locks
    }

    /// Bounds the memory of all groups together, where groups bound memory.
    public func boundMemory(bytes: UInt64) throws(SystemError) {
        if let memory { try ControlGroups.boundMemory(of: memory.base, in: memory, bytes: bytes) }
    }

    /// Bounds the processes and threads of all groups together, where groups bound them.
    public func boundProcesses(max: UInt64) throws(SystemError) {
        guard let processes else { return }
        // At most half of what the parent group allows, for it holds this process too.
        let around = (try? Files.readText("\(processes.base)/../pids.max")) ?? ""
        let share = around.split(whereSeparator: \.isWhitespace).first.flatMap { UInt64($0) }.map { $0 / 2 } ?? max
        try Files.write("\(min(max, share))", to: "\(processes.base)/pids.max")
    }

    /// Makes a group with its limits: memory of all its processes in bytes, and processes and threads at a time.
    ///
    /// - Throws: The first refusal of the kernel; ``ControlGroup/remove()`` and another try are safe after it.
    public func makeGroup(_ name: String, memoryBytes: UInt64, processesMax: UInt64) throws(SystemError) -> ControlGroup
    {
        var places: [ControlGroup.Place] = []
        for case let hierarchy? in [memory, processes, processors] {
            let directory = "\(hierarchy.base)/\(name)"
            guard !places.contains(where: { $0.directory == directory }) else { continue }
            let boundsMemory = hierarchy.base == memory?.base
            try ControlGroups.makeDirectory(directory)
            let place = ControlGroup.Place(
                directory: directory,
                isUnified: hierarchy.isUnified,
                boundsMemory: boundsMemory
            )
            places.append(place)
        }
        if let memory { try ControlGroups.boundMemory(of: "\(memory.base)/\(name)", in: memory, bytes: memoryBytes) }
        if let processes { try Files.write("\(processesMax)", to: "\(processes.base)/\(name)/pids.max") }
        return ControlGroup(places: places)
    }

    /// Removes the directories of this process, which must hold no groups any more, and what killed ones have left whose
    /// last processes were still ending when this one began.
    public func remove() {
        for case let hierarchy? in [memory, processes, processors] {
            try? Files.removeDirectory(hierarchy.base)
            let parent = hierarchy.base.split(separator: "/").dropLast().joined(separator: "/")
            ControlGroups.removeLeftovers(in: "/\(parent)", like: name)
        }
    }

    private static func boundMemory(of group: String, in hierarchy: Hierarchy, bytes: UInt64) throws(SystemError) {
        let file = hierarchy.isUnified ? "memory.max" : "memory.limit_in_bytes"
        try Files.write("\(bytes)", to: "\(group)/\(file)")
        forbidSwap(group, isUnified: hierarchy.isUnified, memoryBytes: bytes)
    }

    private static func makeDirectory(_ path: String) throws(SystemError) {
        do throws(SystemError) {
            try Files.makeDirectory(path)
        } catch {
            guard error.code == EEXIST else { throw error }
        }
    }

    /// Where the kernel counts no swap there is no such file, and nothing to forbid.
    private static func forbidSwap(_ directory: String, isUnified: Bool, memoryBytes: UInt64) {
        let (file, value) = isUnified ? ("memory.swap.max", "0") : ("memory.memsw.limit_in_bytes", "\(memoryBytes)")
        try? Files.write(value, to: "\(directory)/\(file)")
    }

    /// The group that this process is in, by controller; the unified hierarchy has the name "".
    private static func ownPaths() -> [String: String] {
        guard let table = try? Files.readText("/proc/self/cgroup") else { return [:] }
        var paths: [String: String] = [:]
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[String(controller)] = String(fields[2])
            }
        }
        return paths
    }

    private static func find(
        _ controller: String,
        own: [String: String],
        name: String,
        locks: inout [String: FileLock]
    ) -> Hierarchy? {
        if let path = own[controller] {
            let parents = ["/sys/fs/cgroup/\(controller)\(path)", "/sys/fs/cgroup/\(controller)"]
            return makeBase(in: parents, name: name, locks: &locks).map { Hierarchy(base: $0, isUnified: false) }
        }
        guard let path = own[""] else { return nil }
        for parent in ["/sys/fs/cgroup\(path)", "/sys/fs/cgroup"] where delegates(controller, parent) {
            guard let base = makeBase(in: [parent], name: name, locks: &locks) else { continue }
            guard (try? Files.write("+\(controller)", to: "\(base)/cgroup.subtree_control")) != nil else { continue }
            return Hierarchy(base: base, isUnified: true)
        }
        return nil
    }

    /// Whether groups below `parent` of the unified hierarchy get the controller, if need be by our asking.
    private static func delegates(_ controller: String, _ parent: String) -> Bool {
        let file = "\(parent)/cgroup.subtree_control"
        let isOn = {
            (try? Files.readText(file))?.split(whereSeparator: \.isWhitespace).contains(controller[...]) == true
        }
        if isOn() { return true }
        // Refused where the group itself has processes and is not the root.
        try? Files.write("+\(controller)", to: file)
        return isOn()
    }

    /// Makes and locks a directory in the first of `parents` that lets us.
    private static func makeBase(in parents: [String], name: String, locks: inout [String: FileLock]) -> String? {
        for parent in parents where Files.isWritable(parent) {
            removeLeftovers(in: parent, like: name)
            // A worker in another pid namespace may have the same number, and so the name.
            for base in ["\(parent)/\(name)"] + (2..<10).map({ "\(parent)/\(name)-\($0)" }) {
                if locks[base] != nil { return base }
                guard (try? makeDirectory(base)) != nil else { break }
                guard let lock = FileLock(onDirectory: base) else { continue }
                locks[base] = lock
                return base
            }
        }
        return nil
    }

    private static func removeLeftovers(in parent: String, like name: String) {
        guard let dash = name.lastIndex(of: "-") else { return }
        let prefix = name[...dash]
        for other in Files.names(in: parent) where other.hasPrefix(prefix) && other != name {
            guard let lock = FileLock(onDirectory: "\(parent)/\(other)") else { continue }
            for group in Files.names(in: "\(parent)/\(other)")
            where Files.kind("\(parent)/\(other)/\(group)") == .directory {
                try? Files.removeDirectory("\(parent)/\(other)/\(group)")
            }
            try? Files.removeDirectory("\(parent)/\(other)")
            withExtendedLifetime(lock) {}
        }
    }
}
