internal import Concurrency
internal import Synchronization

/// Bounds how many requests one host gets at a time, with a pause between their beginnings.
final class HostLimiter: Sendable {
    private struct Host {
        let limiter: AsyncLimiter
        /// How many requests use the limiter, or wait for it.
        var users = 0
        var nextStart = ContinuousClock.now

        var isIdle: Bool { users == 0 && nextStart <= .now }
    }

    /// From so many hosts on, those without a request are forgotten.
    private static let hostsMax = 256

    private let limit: Int
    private let waitingMax: Int
    private let pause: Duration
    private let hosts = Mutex<[String: Host]>([:])

    /// Gives each host `limit` requests at a time; `waitingMax` further ones may wait for it.
    init(limit: Int, waitingMax: Int, pause: Duration = .zero) {
        self.limit = limit
        self.waitingMax = waitingMax
        self.pause = pause
    }

    /// Waits until `host` may get another request, and counts it until `body` ends.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits, ``FetchError`` if too many wait, and what
    ///   `body` throws.
    func withPermit<Value: Sendable>(for host: String, _ body: () async throws -> Value) async throws -> Value {
        let limiter = begin(host)
        defer { end(host) }
        return try await limiter.withPermit {
            try await Task.sleep(until: start(at: host), clock: .continuous)
            return try await body()
        }
    }

    private func begin(_ name: String) -> AsyncLimiter {
        hosts.withLock { hosts in
            if hosts.count >= HostLimiter.hostsMax { hosts = hosts.filter { !$0.value.isIdle } }
            let new = Host(limiter: AsyncLimiter(limit: limit, waitingMax: waitingMax, refusal: FetchError.busy))
            hosts[name, default: new].users += 1
            return hosts[name, default: new].limiter
        }
    }

    private func end(_ name: String) { hosts.withLock { $0[name]?.users -= 1 } }

    /// When the request that has the permit may begin.
    private func start(at name: String) -> ContinuousClock.Instant {
        hosts.withLock { hosts in
            let start = max(.now, hosts[name]?.nextStart ?? .now)
            hosts[name]?.nextStart = start + pause
            return start
        }
    }
}

extension FetchError {
    /// Too many requests wait already.
    package static var busy: FetchError {
        FetchError(.busy, "too many pages are being opened at once; try again in a moment")
    }
}
