internal import Concurrency
internal import NIOCore
internal import NetworkAccess

/// Which hosts, ports and addresses may be opened. Every URL passes here, that of a redirection too.
///
/// What the operator's allow-list names is exempt: a host with a port from the rules on names and ports, an address or
/// a block from the rule on addresses. A name that is allowed and leads to a private address needs both.
struct HopVetting: Sendable {
    /// All addresses of a name.
    typealias Resolver = @Sendable (String) async throws -> [SocketAddress]

    let allowed: AllowList
    let resolve: Resolver
    /// The addresses of this machine.
    let ownAddresses: @Sendable () throws -> [IPAddress]

    /// The same without the operator's allow-list.
    var withoutExceptions: HopVetting {
        HopVetting(allowed: .none, resolve: resolve, ownAddresses: ownAddresses)
    }

    /// Whether the operator alone decides where `url` leads: it has an address, or a name that is on the list.
    func isFixed(_ url: WebURL) -> Bool {
        if case .name = url.host { return allowed.names(Destination(host: url.host.destinationHost, port: url.port)) }
        return true
    }

    /// Where `url` may be connected to; the name is looked up once, and one bad address spoils all.
    func addresses(of url: WebURL, within time: Duration) async throws(FetchError) -> [SocketAddress] {
        let isNamed = allowed.names(Destination(host: url.host.destinationHost, port: url.port))
        if !isNamed { try HopVetting.refuseSpecial(url) }
        let candidates: [Candidate]
        switch url.host {
        case .version4(let address): candidates = [Candidate(address: address, isVersion6: false)]
        case .version6(let address): candidates = [Candidate(address: address, isVersion6: true)]
        case .name(let name): candidates = try await lookUp(name, within: time)
        }
        let own = try self.own()
        for candidate in candidates {
            guard accepts(candidate, port: url.port, own: own) else { throw HopVetting.notPublic(url.host) }
        }
        return try candidates.map { candidate throws(FetchError) in try candidate.socketAddress(port: url.port) }
    }

    private func accepts(_ candidate: Candidate, port: Int, own: Set<IPAddress>) -> Bool {
        guard let guarded = HopVetting.block(around: candidate, own: own) else { return true }
        return allowed.opens(candidate.address, port: port, in: guarded)
    }

    /// The guarded block that an address is in; nil for one that is public.
    private static func block(around candidate: Candidate, own: Set<IPAddress>) -> AddressBlock? {
        if let block = AddressGuard.block(around: candidate.address) { return block }
        let isPublic = candidate.isVersion6 ? global?.contains(candidate.address) == true : true
        return isPublic && !own.contains(candidate.address) ? nil : AddressBlock(candidate.address)
    }

    /// All that is routed of version 6: not what translates or wraps version 4, however public that may be.
    private static let global = AddressBlock("2000::/3")

    private func lookUp(_ name: String, within time: Duration) async throws(FetchError) -> [Candidate] {
        let found: [SocketAddress]?
        do {
            found = try await withTimeout(time) { [resolve] in try await resolve(name) }
        } catch is CancellationError {
            throw FetchError(.cancelled, "the fetch was cancelled")
        } catch {
            found = []
        }
        guard let found else { throw FetchError(.timeout, "the name `\(name)` was not found within \(time)") }
        guard !found.isEmpty else { throw FetchError(.resolve, "the name `\(name)` could not be found") }
        var candidates: [Candidate] = []
        for answer in found {
            guard let candidate = Candidate(answer) else { throw HopVetting.notPublic(.name(name)) }
            candidates.append(candidate)
        }
        return candidates
    }

    private func own() throws(FetchError) -> Set<IPAddress> {
        do {
            return Set(try ownAddresses())
        } catch {
            // Not knowing is no permission.
            throw FetchError(.address, "this machine does not know its own addresses")
        }
    }

    private static func notPublic(_ host: WebHost) -> FetchError {
        FetchError(
            .address,
            "`\(host)` leads to an address that is private, local or reserved; only public ones are opened"
        )
    }
}

// Names and ports that are no web site's.
extension HopVetting {
    private static let localSuffixes = [
        "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa",
        "onion",
    ]

    private static func refuseSpecial(_ url: WebURL) throws(FetchError) {
        if case .name(let name) = url.host {
            let isLocal = localSuffixes.contains { name == $0 || name.hasSuffix("." + $0) }
            guard !isLocal, name.utf8.contains(UInt8(ascii: ".")) else {
                throw FetchError(
                    .host,
                    "`\(name)` is the name of a local or hidden network; only public hosts are opened"
                )
            }
        }
        guard !BlockedPorts.include(url.port) else {
            throw FetchError(.port, "port \(url.port) is not opened, because it belongs to another protocol than HTTP")
        }
    }
}

/// An address before it is judged.
private struct Candidate {
    let address: IPAddress
    /// Whether it was written as version 6, in which version 4 can hide.
    let isVersion6: Bool

    init(address: IPAddress, isVersion6: Bool) {
        self.address = address
        self.isVersion6 = isVersion6
    }

    /// Reads back what a resolver says as text: the bits that are judged are those that are connected to.
    init?(_ answer: SocketAddress) {
        guard let text = answer.ipAddress, let address = IPAddress(text) else { return nil }
        self.init(address: address, isVersion6: answer.protocol == .inet6)
    }

    func socketAddress(port: Int) throws(FetchError) -> SocketAddress {
        do {
            return try SocketAddress(ipAddress: "\(address)", port: port)
        } catch {
            throw FetchError(.address, "the address `\(address)` cannot be used")
        }
    }
}
