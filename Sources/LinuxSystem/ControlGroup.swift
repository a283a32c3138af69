internal import CLinux
internal import Glibc

/// Processes that are counted and bounded together.
public struct ControlGroup: Sendable {
    private let directories: [String]
    private let memoryEvents: String?

    /// A group in these directories, which exist; the kernel counts its kills in `memoryEvents`.
    init(directories: [String], memoryEvents: String?) {
        self.directories = directories
        self.memoryEvents = memoryEvents
    }

    /// Opens the way into the group, for a process that will not see its directories.
    public func openDoor() throws(SystemError) -> ControlGroupDoor {
        var entrances: [CInt] = []
        for directory in directories {
            let file = try Descriptor.open("\(directory)/cgroup.procs", flags: O_WRONLY)
            entrances.append(file.release())
        }
        var events: CInt?
        if let memoryEvents { events = try Descriptor.open(memoryEvents, flags: O_RDONLY).release() }
        return ControlGroupDoor(owning: entrances, memoryEvents: events)
    }

    /// Removes the group; false while something still runs in it.
    public func remove() -> Bool {
        var isGone = true
        for directory in directories {
            do throws(SystemError) {
                try Files.removeDirectory(directory)
            } catch {
                isGone = isGone && error.code == ENOENT
            }
        }
        return isGone
    }
}

/// The way into a group, and a look at it, held open; whoever opened it answers for its use.
public struct ControlGroupDoor: ~Copyable, Sendable {
    private let entrances: [CInt]
    private let memoryEvents: CInt?

    init(owning entrances: [CInt], memoryEvents: CInt?) {
        self.entrances = entrances
        self.memoryEvents = memoryEvents
    }

    deinit {
        for number in numbers { _ = close(number) }
    }

    /// The descriptors' numbers; valid as long as this value lives.
    public var numbers: [CInt] { entrances + [memoryEvents].compactMap { $0 } }

    /// Moves a process, by its number in the caller's namespace, into the group, with its future children.
    ///
    /// The kernel takes its time, some milliseconds: nothing else should wait for it.
    public func admit(_ pid: Int32) throws(SystemError) {
        let text = "\(pid)"
        for number in entrances {
            try checkErrno("enter control group", unsafe Glibc.write(number, text, text.utf8.count))
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
