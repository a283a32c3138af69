internal import CLinux

/// How the C library's allocator keeps the memory of this process.
public enum Allocator: Sendable {
    /// From this size on a block goes back to the kernel when it is freed, in bytes.
    private static let largeBytes: CInt = 256 << 10

    /// Gives large blocks back to the kernel as soon as they are freed.
    ///
    /// Otherwise the allocator takes the largest block that was freed as the usual size, up to 32 MiB, and keeps as much in
    /// each of its arenas: a server that has parsed a few large bodies would hold their memory for good. Source: mallopt(3),
    /// "dynamic adjustment of the mmap threshold".
    public static func returnLargeBlocks() {
        // Fails only for a value that the C library refuses.
        _ = clinux_return_large_blocks(largeBytes)
    }
}
