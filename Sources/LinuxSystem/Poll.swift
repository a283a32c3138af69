internal import CLinux
internal import Glibc

/// A descriptor to wait for, and afterwards what it is ready for.
public struct PollEntry: Sendable {
    /// What to wait for.
    public struct Events: OptionSet, Sendable {
        /// The bits of `poll(2)`.
        public let rawValue: Int16
        /// Takes the bits of `poll(2)`.
        public init(rawValue: Int16) { self.rawValue = rawValue }
        /// There is something to read, or the end.
        public static let read = Events(rawValue: Int16(POLLIN))
        /// There is room to write.
        public static let write = Events(rawValue: Int16(POLLOUT))
        /// The other side is gone; reported even if it is not waited for.
        public static let hangUp = Events(rawValue: Int16(POLLHUP | POLLERR | POLLNVAL))
    }

    /// The descriptor's number; a negative one is passed over.
    public let descriptor: CInt
    /// What to wait for.
    public let wanted: Events
    /// What it is ready for, after ``poll(_:timeoutMicroseconds:)``.
    public fileprivate(set) var ready: Events = []

    /// Waits for `wanted` on `descriptor`.
    public init(_ descriptor: CInt, _ wanted: Events) {
        self.descriptor = descriptor
        self.wanted = wanted
    }
}

/// Waits until one of `entries` is ready, `timeoutMicroseconds` have passed or a signal came; nil waits forever.
///
/// - Throws: `SystemError`; a signal is not an error.
public func poll(_ entries: inout [PollEntry], timeoutMicroseconds: UInt64?) throws(SystemError) {
    var waiting = entries.map { pollfd(fd: $0.descriptor, events: $0.wanted.rawValue, revents: 0) }
    let result = unsafe clinux_poll(&waiting, waiting.count, timeoutMicroseconds.map { Int64(clamping: $0) } ?? -1)
    try check("ppoll", result == -EINTR ? 0 : result)
    for index in entries.indices { entries[index].ready = .init(rawValue: waiting[index].revents) }
}

/// Microseconds on a clock that never goes back; its zero means nothing.
public func monotonicMicroseconds() -> UInt64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000
}

/// `count` bytes from the kernel's generator.
///
/// - Throws: `SystemError`.
public func randomBytes(_ count: Int) throws(SystemError) -> [UInt8] {
    var result: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        result = unsafe clinux_random(buffer.baseAddress, count)
        filled = count
    }
    try check("getrandom", result)
    return bytes
}
