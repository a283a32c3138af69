internal import Glibc

/// A connected stream socket that blocks: nothing between a call and the clock.
package final class Connection {
    package let descriptor: CInt

    /// Connects to the Unix socket at `path`.
    package init(path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        precondition(path.utf8.count < capacity, "a socket path of \(path.utf8.count) bytes")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = try Self.connected(family: AF_UNIX, to: address)
    }

    /// Connects to `port` on this machine.
    package init(port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        descriptor = try Self.connected(family: AF_INET, to: address)
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    deinit { close(descriptor) }

    /// Writes all of `bytes`.
    package func write(_ bytes: some Sequence<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { throw BenchError("send", errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// What has arrived, at least one byte.
    package func read() throws -> [UInt8] {
        let bytes = try readSome()
        guard !bytes.isEmpty else { throw BenchError("the other side closed the connection") }
        return bytes
    }

    /// All that comes until the other side closes the connection.
    package func readToEnd() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try readSome()
            if bytes.isEmpty { return all }
            all += bytes
        }
    }

    /// What has arrived; nothing at the end.
    private func readSome() throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard received >= 0 else { throw BenchError("recv", errno: errno) }
            count = received
        }
    }

    private static func connected<Address>(family: CInt, to address: Address) throws -> CInt {
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("socket", errno: errno) }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            defer { close(descriptor) }
            throw BenchError("connect", errno: errno)
        }
        return descriptor
    }
}

/// What keeps a measurement from being one.
package struct BenchError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    package init(_ call: String, errno: CInt) { description = "\(call): \(String(cString: strerror(errno)))" }
}
