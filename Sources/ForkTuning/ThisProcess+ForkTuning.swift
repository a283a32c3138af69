internal import CLinux
internal import Glibc
public import LinuxSystem

extension ThisProcess {
    /// Allocates all that is free between the blocks of the C library's heap, for good.
    ///
    /// What a fork allocates then lies together, on pages of its own. Otherwise it would fill holes, and each would cost a
    /// copy-on-write of its page, which splits a huge page.
    public static func fillHeapHoles() {
        guard let end = unsafe sbrk(0) else { return }
        // Larger blocks come from elsewhere.
        var size = 64 << 10
        while size >= 16 {
            // The last one lies beyond the end that was, and so was no hole.
            while let block = unsafe malloc(size) {
                guard unsafe block >= end else { continue }
                unsafe free(block)
                break
            }
            size -= max(16, size / 16)
        }
    }

    /// Backs this process's memory with huge pages where the kernel can: forks then copy a fraction of its page tables.
    public static func collapseMemory() {
        let pageBytes: UInt = 1 << 21
        let maps = (try? Files.readText("/proc/self/maps")) ?? ""
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard fields[1] == "rw-p", fields.count == 5 || fields[5] == "[heap]", bounds.count == 2 else { continue }
            let first = (bounds[0] + pageBytes - 1) / pageBytes * pageBytes
            // One by one: a range that cannot be collapsed is no reason to leave the next.
            for start in stride(from: first, to: max(first, bounds[1] / pageBytes * pageBytes), by: Int(pageBytes)) {
                _ = clinux_collapse(start, Int(pageBytes))
            }
        }
    }
}
