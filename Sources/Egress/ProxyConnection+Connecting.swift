internal import Concurrency
internal import NIOCore
internal import NIOPosix
internal import NetworkAccess

extension ProxyConnection {
    /// How many addresses of one host are tried.
    private static let attemptsMax = 4

    /// Connects to an address of `destination` that was looked up once and vetted.
    func connect(to destination: Destination) async throws(Refusal) -> (ByteChannel, IPAddress) {
        let addresses = try await vettedAddresses(of: destination).prefix(ProxyConnection.attemptsMax)
        let deadline = ContinuousClock.now + limits.connectTime
        var isTooSlow = false
        for (index, address) in addresses.enumerated() where state.reason == nil {
            // A silent address leaves time for those after it.
            let time = (deadline - .now) / (addresses.count - index)
            do {
                return (try await open(address, port: destination.port, within: time), address)
            } catch {
                if case ChannelError.connectTimeout = error { isTooSlow = true }
            }
        }
        throw isTooSlow ? .connectTooSlow(destination) : .unreachable(destination)
    }

    private func vettedAddresses(of destination: Destination) async throws(Refusal) -> [IPAddress] {
        guard proxy.policy.allows(destination) else {
            throw .notAllowed(destination, allowed: proxy.policy.summary)
        }
        let candidates: [IPAddress]
        switch destination.host {
        case .address(let address): candidates = [address]
        case .name(let name): candidates = try await lookUp(name, for: destination)
        }
        guard !candidates.isEmpty else { throw .unresolvable(destination) }
        let vetted = candidates.filter { proxy.accepts($0, port: destination.port) }
        guard !vetted.isEmpty else { throw .guarded(destination) }
        return vetted
    }

    /// The addresses of a name, read back from text: the bits that are judged are those that are connected to.
    private func lookUp(_ name: String, for destination: Destination) async throws(Refusal) -> [IPAddress] {
        let found: [SocketAddress]?
        do {
            found = try await withTimeout(limits.connectTime) { [resolve = proxy.resolve] in try await resolve(name) }
        } catch {
            throw .unresolvable(destination)
        }
        guard let found else { throw .connectTooSlow(destination) }
        return found.compactMap { $0.ipAddress.flatMap(IPAddress.init) }
    }

    private func open(_ address: IPAddress, port: Int, within time: Duration) async throws -> ByteChannel {
        try await ClientBootstrap(group: client.channel.eventLoop)
            .connectTimeout(max(TimeAmount(time), .milliseconds(1)))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .connect(to: SocketAddress(ipAddress: "\(address)", port: port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    state.own(channel)
                    return try ByteChannel(wrappingChannelSynchronously: channel, configuration: .relayed)
                }
            }
    }
}

extension ByteChannel.Configuration {
    /// Holds two reads at most, and tells the other end when one end has nothing more to say.
    static var relayed: ByteChannel.Configuration {
        ByteChannel.Configuration(
            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2),
            isOutboundHalfClosureEnabled: true
        )
    }
}
