package import NIOCore
internal import NIOPosix

/// How the machine itself looks names up.
package enum SystemResolver {
    /// All addresses of `host`. A cancelled caller stops waiting; the lookup itself cannot be interrupted.
    ///
    /// - Throws: The resolver's error where there is no such host, and `CancellationError`.
    @concurrent
    package static func addresses(of host: String) async throws -> [SocketAddress] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        // Used outside of an event loop, it looks up on a thread of its own.
        let resolver = NIORandomizedDNSResolver(loop: loop)
        let version6 = resolver.initiateAAAAQuery(host: host, port: 0)
        let version4 = resolver.initiateAQuery(host: host, port: 0)
        let answer = loop.makePromise(of: [SocketAddress].self)
        version4.and(version6).map { $0 + $1 }.cascade(to: answer)
        return try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            // The first to complete a promise wins; the other is ignored.
            answer.fail(CancellationError())
        }
    }
}
