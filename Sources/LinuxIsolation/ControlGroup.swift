internal import Glibc
public import LinuxSystem

/// Processes that the kernel counts and bounds together. Source: cgroups(7), in both versions.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
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

    /// Opens the group's files, for a process that will not see its directories.
    public func openHandle() throws(SystemError) -> CgroupHandle {
        var entries: [CInt] = []
        var unified: CInt?
        var memory: CgroupHandle.Memory?
        var processors: CgroupHandle.Processors?
        for place in places {
            processors = processors ?? CgroupHandle.Processors(in: place)
            if place.isUnified {
                unified = try Descriptor.open(place.directory, flags: O_RDONLY | O_DIRECTORY).release()
            } else {
                entries.append(try Descriptor.open("\(place.directory)/tasks", flags: O_WRONLY).release())
            }
            guard place.boundsMemory else { continue }
            let events = "\(place.directory)/\(place.isUnified ? "memory.events" : "memory.oom_control")"
            memory = CgroupHandle.Memory(
                events: try Descriptor.open(events, flags: O_RDONLY).release(),
                use: try Descriptor.open("\(place.directory)/memory.stat", flags: O_RDONLY).release(),
                entry: place.isUnified ? nil : entries.last
            )
        }
        return CgroupHandle(entries: entries, unified: unified, memory: memory, processors: processors)
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
