internal import Glibc
internal import NIOCore
internal import NetworkAccess
internal import Synchronization

/// What has become of one connection so far, and the one way to break it off.
final class ConnectionState: Sendable {
    enum Direction: Sendable {
        case up
        case down
    }

    private struct Story {
        var destination: Destination?
        var address: IPAddress?
        var verdict = EgressRecord.Verdict.refused
        var reason: EgressRecord.Reason?
        var bytesUp = 0
        var bytesDown = 0
        var isAnswered = false
        var isStopped = false
        var channels: [any Channel]
    }

    private let start = ContinuousClock.now
    private let limits: EgressLimits
    private let ledger: SessionLedger
    private let story: Mutex<Story>

    init(client: any Channel, limits: EgressLimits, ledger: SessionLedger) {
        self.limits = limits
        self.ledger = ledger
        story = Mutex(Story(channels: [client]))
    }

    /// Why it ended; nil while it goes on.
    var reason: EgressRecord.Reason? { story.withLock(\.reason) }

    /// Whether the session has got its whole answer, so that what it still sends goes nowhere.
    var isAnswered: Bool { story.withLock(\.isAnswered) }

    func ask(for destination: Destination) {
        story.withLock { $0.destination = destination }
    }

    /// A connection was made to `address`.
    func allow(_ address: IPAddress) {
        story.withLock {
            $0.address = address
            $0.verdict = .allowed
        }
    }

    func refuse(_ refusal: Refusal) {
        story.withLock {
            if $0.verdict != .allowed { $0.verdict = refusal.verdict }
            $0.reason = $0.reason ?? refusal.reason
        }
    }

    func answer() {
        story.withLock { $0.isAnswered = true }
    }

    /// The first reason stays.
    func end(_ reason: EgressRecord.Reason) {
        story.withLock { $0.reason = $0.reason ?? reason }
    }

    /// Breaks the connection off when `stop` is called, or at once if it has been.
    func own(_ channel: any Channel) {
        let isStopped = story.withLock { story in
            story.channels.append(channel)
            return story.isStopped
        }
        if isStopped { ConnectionState.reset(channel) }
    }

    /// Breaks the connection off at both ends, so that neither takes what it has for the whole.
    func stop(_ reason: EgressRecord.Reason) {
        let channels = story.withLock { story in
            story.reason = story.reason ?? reason
            story.isStopped = true
            return story.channels
        }
        for channel in channels { ConnectionState.reset(channel) }
    }

    /// Closes both ends, of which the session's has its answer, although it may not have read all of it.
    func close() {
        let channels = story.withLock { story in
            story.isStopped = true
            return story.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Takes up to `wanted` bytes in one direction, and says how many it got.
    func take(_ wanted: Int, _ direction: Direction) -> Int {
        story.withLock { story in
            let used = direction == .up ? story.bytesUp : story.bytesDown
            let granted = min(wanted, limits.connectionBytesMax - used)
            let taken = ledger.take(granted)
            switch direction {
            case .up: story.bytesUp += taken
            case .down: story.bytesDown += taken
            }
            if taken < wanted { story.reason = story.reason ?? (taken < granted ? .sessionBytes : .connectionBytes) }
            return taken
        }
    }

    /// The audit's line, once it is over.
    func record(session: String) -> EgressRecord {
        story.withLock { story in
            EgressRecord(
                session: session,
                host: story.destination.map { "\($0.host)" },
                port: story.destination?.port,
                address: story.address.map { "\($0)" },
                verdict: story.verdict,
                reason: story.reason ?? .completed,
                bytesUp: story.bytesUp,
                bytesDown: story.bytesDown,
                duration: ContinuousClock.now - start
            )
        }
    }

    /// Closes with a reset rather than with an end.
    private static func reset(_ channel: any Channel) {
        guard let options = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }
}
