internal import Glibc

/// Processes that are counted and bounded together.
public struct ControlGroup: Sendable {
    /// A directory that is the group in one hierarchy.
    struct Place: Sendable, Equatable {
        let directory: String
        let isUnified: Bool
        /// Whether it bounds memory.
        let boundsMemory: Bool
    }

    private let places: [Place]

    /// A group in these places, which exist.
    init(places: [Place]) {
        self.places = places
    }

    /// Opens the way into the group, for a process that will not see its directories.
    public func openDoor() throws(SystemError) -> ControlGroupDoor {
        var entrances: [CInt] = []
        var unified: CInt?
        var memory: ControlGroupDoor.Memory?
        for place in places {
            if place.isUnified {
                unified = try Descriptor.open(place.directory, flags: O_RDONLY | O_DIRECTORY).release()
            } else {
                entrances.append(try Descriptor.open("\(place.directory)/tasks", flags: O_WRONLY).release())
            }
            guard place.boundsMemory else { continue }
            let events = "\(place.directory)/\(place.isUnified ? "memory.events" : "memory.oom_control")"
            memory = ControlGroupDoor.Memory(
                events: try Descriptor.open(events, flags: O_RDONLY).release(),
                use: try Descriptor.open("\(place.directory)/memory.stat", flags: O_RDONLY).release(),
                entrance: place.isUnified ? nil : entrances.last
            )
        }
        return ControlGroupDoor(entrances: entrances, unified: unified, memory: memory)
    }

    /// Removes the group; false while something still runs in it.
    public func remove() -> Bool {
        var isGone = true
        for place in places {
            do throws(SystemError) {
                try Files.removeDirectory(place.directory)
            } catch {
                isGone = isGone && error.code == ENOENT
            }
        }
        return isGone
    }
}

/// The way into a group, and a look at it, held open; whoever opened it answers for its use.
///
/// Nobody is ever moved into a group by another process: the kernel would wait for a grace period of all processors, 10 ms
/// and more, before it does. In the unified hierarchy a process is born into the group, in the older ones it writes its
/// own way in. Neither waits. Source: `cgroup_procs_write_start` and `cgroup_css_set_fork` of Linux.
public struct ControlGroupDoor: ~Copyable, Sendable {
    /// What is open of the place that bounds memory.
    struct Memory {
        /// Where the kernel counts its kills.
        let events: CInt
        /// Where it says what memory is used for.
        let use: CInt
        /// The one of the entrances that leads there, nil in the unified hierarchy.
        let entrance: CInt?
    }

    private let entrances: [CInt]
    /// The open directory of the unified hierarchy; valid as long as this value lives.
    let unifiedNumber: CInt?
    private let memory: Memory?

    /// A door that leads nowhere.
    public init() { self.init(entrances: [], unified: nil, memory: nil) }

    /// Takes over descriptors: the `tasks` of older hierarchies, and the directory in the unified one.
    public init(owning entrances: [CInt], unified: CInt?) {
        self.init(entrances: entrances, unified: unified, memory: nil)
    }

    fileprivate init(entrances: [CInt], unified: CInt?, memory: Memory?) {
        self.entrances = entrances
        unifiedNumber = unified
        self.memory = memory
    }

    deinit {
        for number in numbers { _ = close(number) }
    }

    /// The descriptors' numbers; valid as long as this value lives.
    public var numbers: [CInt] { wayIn + (memory.map { [$0.events, $0.use] } ?? []) }

    /// Those of them that another process needs to go in, first the unified one if there is one.
    public var wayIn: [CInt] { [unifiedNumber].compactMap { $0 } + entrances }
    /// Whether the first of ``wayIn`` is of the unified hierarchy.
    public var isUnified: Bool { unifiedNumber != nil }

    /// Goes into the group with this process, which must have one thread, where it was not born into it.
    ///
    /// To be done before the process becomes another user than the one that opened the door.
    public func enter() throws(SystemError) {
        for number in entrances { try ControlGroupDoor.enter(through: number) }
    }

    /// Goes in where the group bounds memory and nowhere else, as ``enter()`` does.
    public func enterMemory() throws(SystemError) {
        if let number = memory?.entrance { try ControlGroupDoor.enter(through: number) }
    }

    private static func enter(through number: CInt) throws(SystemError) {
        try checkErrno("enter control group", unsafe Glibc.write(number, "0", 1))
    }

    /// Whether the group bounds memory.
    public var boundsMemory: Bool { memory != nil }

    /// How many processes of the group the kernel has killed for want of memory; 0 where it does not say.
    public func memoryKills() -> Int {
        memory.map { Int(ControlGroupDoor.value(of: ["oom_kill"], in: $0.events)) } ?? 0
    }

    /// How much memory the group's processes and files hold that the kernel cannot take back, in bytes; nil where the group
    /// does not bound it.
    public func memoryHeld() -> UInt64? {
        memory.map { ControlGroupDoor.value(of: ["anon", "rss", "shmem"], in: $0.use) }
    }

    /// The sum of the values that a file of words and values has for `names`.
    private static func value(of names: Set<Substring>, in file: CInt) -> UInt64 {
        var text = [UInt8](repeating: 0, count: 4096)
        let count = unsafe pread(file, &text, text.count, 0)
        let lines = String(decoding: text.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n")
        return lines.reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count == 2, names.contains(words[0]) else { return sum }
            return sum + (UInt64(words[1]) ?? 0)
        }
    }
}
