internal import LinuxSystem

/// Processes with all that they have started, as `/proc` tells.
enum ProcessTree {
    private struct Entry {
        let parent: Int32
        let memoryBytes: Int
    }

    /// The memory of process `root` and all below it that is not a file's; 0 once it is gone.
    static func memoryBytes(below root: Int32) -> Int {
        let entries = entries()
        return members(below: root, of: entries).reduce(0) { $0 + (entries[$1]?.memoryBytes ?? 0) }
    }

    /// Process `root` and all below it.
    static func members(below root: Int32) -> [Int32] { members(below: root, of: entries()) }

    private static func members(below root: Int32, of entries: [Int32: Entry]) -> [Int32] {
        let children = Dictionary(grouping: entries.keys) { entries[$0]?.parent ?? 0 }
        var found: [Int32] = []
        var level = [root]
        while !level.isEmpty {
            found += level
            level = level.flatMap { children[$0] ?? [] }
        }
        return found
    }

    private static func entries() -> [Int32: Entry] {
        var entries: [Int32: Entry] = [:]
        for name in Files.names(in: "/proc") {
            guard let pid = Int32(name), let status = try? Files.readText("/proc/\(name)/status") else { continue }
            let fields = fields(of: status)
            let kibibytes = (fields["RssAnon"] ?? 0) + (fields["RssShmem"] ?? 0)
            entries[pid] = Entry(parent: Int32(fields["PPid"] ?? 0), memoryBytes: kibibytes << 10)
        }
        return entries
    }

    private static func fields(of status: String) -> [Substring: Int] {
        var fields: [Substring: Int] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(maxSplits: 2) { $0 == ":" || $0 == "\t" || $0 == " " }
            guard parts.count >= 2, let value = Int(parts[1]) else { continue }
            fields[parts[0]] = value
        }
        return fields
    }
}
