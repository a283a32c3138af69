internal import Glibc

/// Processes that are counted and bounded together.
public struct ControlGroup: Sendable {
    /// A directory that is the group in one hierarchy.
    struct Place: Sendable, Equatable {
        let directory: String
        let isUnified: Bool
    }

    private let places: [Place]
    private let memoryEvents: String?

    /// A group in these places, which exist; the kernel counts its kills in `memoryEvents`.
    init(places: [Place], memoryEvents: String?) {
        self.places = places
        self.memoryEvents = memoryEvents
    }

    /// Opens the way into the group, for a process that will not see its directories.
    public func openDoor() throws(SystemError) -> ControlGroupDoor {
        var entrances: [CInt] = []
        var unified: CInt?
        for place in places {
            if place.isUnified {
                unified = try Descriptor.open(place.directory, flags: O_RDONLY | O_DIRECTORY).release()
            } else {
                entrances.append(try Descriptor.open("\(place.directory)/tasks", flags: O_WRONLY).release())
            }
        }
        var events: CInt?
        if let memoryEvents { events = try Descriptor.open(memoryEvents, flags: O_RDONLY).release() }
        return ControlGroupDoor(entrances: entrances, unified: unified, memoryEvents: events)
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
    private let entrances: [CInt]
    /// The open directory of the unified hierarchy; valid as long as this value lives.
    let unifiedNumber: CInt?
    private let memoryEvents: CInt?

    /// A door that leads nowhere.
    public init() { self.init(entrances: [], unified: nil, memoryEvents: nil) }

    /// Takes over descriptors: the `tasks` of older hierarchies, and the directory in the unified one.
    public init(owning entrances: [CInt], unified: CInt?) {
        self.init(entrances: entrances, unified: unified, memoryEvents: nil)
    }

    fileprivate init(entrances: [CInt], unified: CInt?, memoryEvents: CInt?) {
        self.entrances = entrances
        unifiedNumber = unified
        self.memoryEvents = memoryEvents
    }

    deinit {
        for number in numbers { _ = close(number) }
    }

    /// The descriptors' numbers; valid as long as this value lives.
    public var numbers: [CInt] { wayIn + [memoryEvents].compactMap { $0 } }

    /// Those of them that another process needs to go in, first the unified one if there is one.
    public var wayIn: [CInt] { [unifiedNumber].compactMap { $0 } + entrances }
    /// Whether the first of ``wayIn`` is of the unified hierarchy.
    public var isUnified: Bool { unifiedNumber != nil }

    /// Goes into the group with this process, which must have one thread, where it was not born into it.
    ///
    /// To be done before the process becomes another user than the one that opened the door.
    public func enter() throws(SystemError) {
        for number in entrances {
            try checkErrno("enter control group", unsafe Glibc.write(number, "0", 1))
        }
    }

    /// How many processes of the group the kernel has killed for want of memory; 0 where it does not say.
    public func memoryKills() -> Int {
        guard let memoryEvents else { return 0 }
        var text = [UInt8](repeating: 0, count: 512)
        let count = unsafe pread(memoryEvents, &text, text.count, 0)
        let words = String(decoding: text.prefix(max(count, 0)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard let index = words.firstIndex(of: "oom_kill"), index + 1 < words.count else { return 0 }
        return Int(words[index + 1]) ?? 0
    }
}
