internal import CLinux
internal import Glibc

/// Unix sockets: streams, and descriptor sockets, which keep messages apart and pass descriptors. Source: unix(7).
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public enum UnixSocket: Sendable {
    /// Two connected sockets, close-on-exec.
    public static func makePair() throws(SystemError) -> SocketPair {
        try makePair(CInt(SOCK_STREAM.rawValue))
    }

    private static func makePair(_ type: CInt) throws(SystemError) -> SocketPair {
        var ends: (CInt, CInt) = (-1, -1)
        let type = type | CInt(SOCK_CLOEXEC.rawValue)
        let result = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe socketpair(AF_UNIX, type, 0, bytes.baseAddress?.assumingMemoryBound(to: CInt.self))
        }
        try checkErrno("socketpair", result)
        return SocketPair(first: Descriptor(owning: ends.0), second: Descriptor(owning: ends.1))
    }

    /// Two connected descriptor sockets: they keep messages apart, and pass descriptors (`SCM_RIGHTS`).
    public static func makeDescriptorSocketPair() throws(SystemError) -> SocketPair {
        try makePair(CInt(SOCK_SEQPACKET.rawValue))
    }

    /// Sends descriptors, at most 16 or none, in one message with at least one byte; the sender keeps its own.
    public static func send(
        _ descriptors: [CInt],
        with bytes: [UInt8] = [0],
        through socket: borrowing Descriptor
    ) throws(SystemError) {
        let result = unsafe clinux_send_descriptors(
            socket.number,
            bytes,
            bytes.count,
            descriptors,
            CInt(descriptors.count)
        )
        try check("sendmsg", result)
    }

    /// Receives one message; nil at the end of the stream. The caller owns the descriptors, which are close-on-exec.
    public static func receive(from socket: borrowing Descriptor) throws(SystemError) -> DescriptorMessage? {
        var numbers = [CInt](repeating: -1, count: Int(CLINUX_DESCRIPTORS_MAX))
        var bytes = [UInt8](repeating: 0, count: 64)
        var byteCount = bytes.count
        var count: CInt
        repeat {
            count = unsafe clinux_receive_descriptors(socket.number, &bytes, &byteCount, &numbers)
        } while count == -EINTR
        try check("recvmsg", count)
        guard byteCount > 0 else { return nil }
        return DescriptorMessage(bytes: Array(bytes.prefix(byteCount)), descriptors: Array(numbers.prefix(Int(count))))
    }

    /// Receives one message as ``receive(from:)`` does, if one comes within `microseconds`; nil too where none does.
    public static func receiveIfThere(
        from socket: borrowing Descriptor,
        within microseconds: UInt64 = 0
    ) throws(SystemError) -> DescriptorMessage? {
        var entries = [PollEntry(socket.number, .read)]
        try poll(&entries, timeoutMicroseconds: microseconds)
        return entries[0].ready.isEmpty ? nil : try receive(from: socket)
    }

    /// Listens at `path`, which must not exist, for connections of descriptor sockets; only this user may connect.
    public static func listenDescriptorSocket(at path: String) throws(SystemError) -> Descriptor {
        try listen(at: path, type: CInt(SOCK_SEQPACKET.rawValue))
    }

    /// Connects a descriptor socket to the listening one at `path`.
    ///
    /// - Throws: `ENOENT` or `ECONNREFUSED` if no process listens there.
    public static func connectDescriptorSocket(to path: String) throws(SystemError) -> Descriptor {
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let socket = Descriptor(owning: try checkErrno("socket", Glibc.socket(AF_UNIX, type, 0)))
        unsafe try withAddress(of: path) { address, length throws(SystemError) in
            try checkErrno("connect \(path)", unsafe connect(socket.number, address, length))
        }
        return socket
    }

    /// Listens on a TCP port of 127.0.0.1 in this network namespace, with a backlog of 64.
    public static func listenOnLoopback(port: UInt16) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check("listen on port \(port)", clinux_listen_loopback(port)))
    }

    /// Listens at `path`, which must not exist; only this user may connect.
    ///
    /// - Throws: `EADDRINUSE` if it exists; `ENAMETOOLONG` beyond 107 bytes, which is all that a socket's address holds.
    public static func listen(at path: String) throws(SystemError) -> Descriptor {
        try listen(at: path, type: CInt(SOCK_STREAM.rawValue))
    }

    private static func listen(at path: String, type: CInt) throws(SystemError) -> Descriptor {
        let type = type | CInt(SOCK_CLOEXEC.rawValue)
        let socket = Descriptor(owning: try checkErrno("socket", Glibc.socket(AF_UNIX, type, 0)))
        let mask = umask(0o077)
        defer { umask(mask) }
        unsafe try withAddress(of: path) { address, length throws(SystemError) in
            try checkErrno("bind \(path)", unsafe bind(socket.number, address, length))
        }
        try checkErrno("listen \(path)", Glibc.listen(socket.number, SOMAXCONN))
        return socket
    }

    /// Waits for the next connection; it comes close-on-exec, and waits itself only if `blocking`.
    public static func accept(
        from listener: borrowing Descriptor,
        blocking: Bool = false
    ) throws(SystemError) -> Descriptor {
        while true {
            let flags = CInt(SOCK_CLOEXEC.rawValue) | (blocking ? 0 : CInt(SOCK_NONBLOCK.rawValue))
            let result = clinux_accept(listener.number, flags)
            if result == -EINTR || result == -ECONNABORTED { continue }
            return Descriptor(owning: try check("accept", result))
        }
    }

    private static func withAddress(
        of path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
    ) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard bytes.count < field.count else { return false }
            unsafe field.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw SystemError("bind \(path)", code: ENAMETOOLONG) }
        var failure: SystemError?
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                do throws(SystemError) {
                    unsafe try body(generic, socklen_t(MemoryLayout<sockaddr_un>.size))
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }
}

/// Two connected sockets.
public struct SocketPair: ~Copyable, Sendable {
    /// One end.
    public let first: Descriptor
    /// The other.
    public let second: Descriptor

    /// Keeps the first end only.
    public consuming func intoFirst() -> Descriptor { first }
    /// Keeps the second end only.
    public consuming func intoSecond() -> Descriptor { second }
}

/// What one message through a descriptor socket carries.
public struct DescriptorMessage: Sendable {
    /// At least one byte, at most 64.
    public let bytes: [UInt8]
    /// The numbers of the descriptors, at most 16 or none; the receiver owns them.
    public let descriptors: [CInt]
}
