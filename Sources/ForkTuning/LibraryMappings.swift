internal import CLinux
internal import Glibc
internal import LinuxSystem

/// How this process's libraries are mapped.
public enum LibraryMappings: Sendable {
    /// Makes two mappings of each library's five, by giving neighbors the same access: a fork copies every mapping.
    ///
    /// The loader makes constants non-executable, and the tables that it has filled read-only. Where untrusted code runs,
    /// which may map and execute what it likes, neither guards anything. A mapping that cannot be changed stays as it was.
    public static func merge() {
        let mappings = ((try? Files.readText("/proc/self/maps")) ?? "").split(separator: "\n").compactMap(Mapping.init)
        for (index, mapping) in mappings.enumerated() where mapping.access == "r--p" && mapping.path.contains(".so") {
            let isBeforeData = mappings.dropFirst(index + 1).first.map(mapping.isFollowed(byData:)) ?? false
            let access = PROT_READ | (isBeforeData ? PROT_WRITE : PROT_EXEC)
            _ = clinux_protect(mapping.start, Int(mapping.end - mapping.start), access)
        }
    }
}

/// A line of `/proc/self/maps`: see proc_pid_maps(5).
private struct Mapping {
    let start: UInt
    let end: UInt
    /// As `r-xp`.
    let access: Substring
    /// What is mapped, or empty.
    let path: Substring

    init?(_ line: Substring) {
        let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        let bounds = fields.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
        guard fields.count >= 5, bounds.count == 2 else { return nil }
        (start, end) = (bounds[0], bounds[1])
        access = fields[1]
        path = fields.count > 5 ? fields[5] : ""
    }

    /// Whether `next` holds the variables of the same library, and begins where this ends.
    func isFollowed(byData next: Mapping) -> Bool {
        next.start == end && next.path == path && next.access == "rw-p"
    }
}
