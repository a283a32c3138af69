internal import NIOCore
internal import NetworkAccess

/// Where the daemon itself listens, which no session may reach through it.
struct OwnListeners: Sendable {
    private let listeners: [(address: IPAddress, port: Int)]

    /// Unix sockets are left out: no connection of a session can reach them.
    init(_ addresses: [SocketAddress]) {
        listeners = addresses.compactMap { address in
            guard let bound = address.ipAddress.flatMap(IPAddress.init), let port = address.port else { return nil }
            return (bound, port)
        }
    }

    /// Whether a connection to `address` would end at the daemon.
    func include(_ address: IPAddress, port: Int) -> Bool {
        listeners.contains { listener in
            listener.port == port && (listener.address == address || listener.address.bits == 0 && isLocal(address))
        }
    }

    /// Whether `address` is this machine's, which a listener on every address answers to.
    private func isLocal(_ address: IPAddress) -> Bool {
        if OwnListeners.loopback.contains(where: { $0.contains(address) }) { return true }
        do {
            return try System.enumerateDevices()
                .contains { $0.address?.ipAddress.flatMap(IPAddress.init) == address }
        } catch {
            // Not knowing is no permission.
            return true
        }
    }

    private static let loopback = ["127.0.0.0/8", "0.0.0.0/8", "::1", "::"].compactMap { AddressBlock($0) }
}
