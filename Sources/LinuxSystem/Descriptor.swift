internal import CLinux
internal import Glibc

/// A file descriptor with one owner, closed when its owner lets go of it.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct Descriptor: ~Copyable, Sendable {
    /// The descriptor's number; valid as long as this value lives.
    public let number: CInt

    /// Takes over `number`, which nothing else may close.
    public init(owning number: CInt) {
        precondition(number >= 0, "not a descriptor: \(number)")
        self.number = number
    }

    deinit { _ = Glibc.close(number) }

    /// Gives the descriptor up without closing it.
    public consuming func release() -> CInt {
        let number = self.number
        discard self
        return number
    }

    /// Opens `path`, close-on-exec; `flags` are those of open(2), and `mode` counts where it makes a file.
    public static func open(_ path: String, flags: CInt, mode: UInt32 = 0o600) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check("open \(path)", unsafe clinux_open(path, flags | O_CLOEXEC, mode)))
    }

    /// A file in memory that holds `bytes`, to be read from its start; `name` is for `/proc` alone.
    public static func memory(named name: String, holding bytes: [UInt8]) throws(SystemError) -> Descriptor {
        let file = Descriptor(owning: try check("memfd_create", unsafe clinux_memory_file(name)))
        try file.writeAll(bytes)
        try checkErrno("lseek", lseek(file.number, 0, SEEK_SET))
        return file
    }

    /// Reads up to `count` bytes: an empty array at the end of the stream, nil if a non-blocking descriptor has nothing yet.
    public func read(upTo count: Int) throws(SystemError) -> [UInt8]? {
        var failure: CInt = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var result: Int
            repeat { result = unsafe Glibc.read(number, buffer.baseAddress, count) } while result < 0 && errno == EINTR
            if result < 0 { failure = errno }
            filled = max(result, 0)
        }
        if failure == EAGAIN { return nil }
        guard failure == 0 else { throw SystemError("read", code: failure) }
        return bytes
    }

    /// Makes the next read of a file begin at `offset`, in bytes.
    public func seek(to offset: UInt64) throws(SystemError) {
        try checkErrno("lseek", lseek(number, off_t(clamping: offset), SEEK_SET))
    }

    /// Writes as much as there is room for, and returns how many bytes that was: 0 if a non-blocking descriptor has no room.
    public func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        var result: Int
        repeat {
            result = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
        } while result < 0 && errno == EINTR
        if result < 0 && errno == EAGAIN { return 0 }
        return try checkErrno("write", result)
    }

    /// Writes all of `bytes`, and waits as long as that takes; for descriptors that block.
    ///
    /// - Throws: `EPIPE` if all readers have closed their end, where `SIGPIPE` is ignored.
    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty { rest = rest.dropFirst(try write(rest)) }
    }

    /// Makes reads and writes return at once, for all that share the open file.
    public func setNonBlocking() throws(SystemError) {
        let flags = try check("fcntl", clinux_fcntl(number, F_GETFL, 0))
        try check("fcntl", clinux_fcntl(number, F_SETFL, CLong(flags | O_NONBLOCK)))
    }

    /// A second descriptor for the same file, close-on-exec, at the first free number from `lowest` up.
    public func duplicate(from lowest: CInt) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check("fcntl", clinux_fcntl(number, F_DUPFD_CLOEXEC, CLong(lowest))))
    }

    /// Makes `target` another number for this file, inherited on exec.
    public func replace(_ target: CInt) throws(SystemError) {
        try checkErrno("dup2", dup2(number, target))
    }
}

/// The two ends of a one-way stream.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct Pipe: ~Copyable, Sendable {
    /// Where to read.
    public let readEnd: Descriptor
    /// Where to write.
    public let writeEnd: Descriptor

    /// A pipe, close-on-exec.
    public init() throws(SystemError) {
        var ends: (CInt, CInt) = (-1, -1)
        let result = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe clinux_pipe(bytes.baseAddress?.assumingMemoryBound(to: CInt.self), O_CLOEXEC)
        }
        try check("pipe2", result)
        readEnd = Descriptor(owning: ends.0)
        writeEnd = Descriptor(owning: ends.1)
    }

    /// Lets it hold so many bytes, and not the usual 64 KiB.
    ///
    /// - Throws: `EPERM` for more than an ordinary user may have.
    public func setCapacity(_ bytes: Int) throws(SystemError) {
        try check("fcntl", clinux_fcntl(writeEnd.number, Pipe.setSize, CLong(bytes)))
    }

    /// `F_SETPIPE_SZ`, see fcntl(2).
    private static let setSize: CInt = 1031

    /// Keeps the reading end only.
    public consuming func intoReadEnd() -> Descriptor { readEnd }
    /// Keeps the writing end only.
    public consuming func intoWriteEnd() -> Descriptor { writeEnd }
}

/// Closes every descriptor of this process from `first` up but those in `kept`.
///
/// Values that own one of the closed descriptors must not be used any more, nor end.
///
/// - Throws: `SystemError`.
public func closeDescriptors(from first: CInt, except kept: [CInt]) throws(SystemError) {
    var start = UInt32(first)
    for number in kept.sorted() where number >= first {
        if UInt32(number) > start {
            try check("close_range", clinux_close_range(start, UInt32(number) - 1))
        }
        start = UInt32(number) + 1
    }
    try check("close_range", clinux_close_range(start, .max))
}
