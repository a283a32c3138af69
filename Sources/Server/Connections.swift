internal import Logging
internal import Synchronization

/// The connections that clients hold, of all addresses together: which may have a request served, and which make room.
///
/// A connection without a request under way can always go. So a new one finds room whatever others hold open, and there
/// is a reserve for `/healthz` when too many requests are under way.
final class Connections: Sendable {
    fileprivate struct Connection {
        let peer: String
        let close: @Sendable () -> Void
        /// Since when no request is under way; nil while one is.
        var waitingSince: ContinuousClock.Instant?
    }

    fileprivate struct State {
        var connections: [Int: Connection] = [:]
        var opened = 0
        var serving: [String: Int] = [:]
        var servingInAll = 0
    }

    /// How many may have a request under way.
    private let servingMax: Int
    /// How many of them may be of one peer, so that no peer takes all places.
    private let servingMaxOfPeer: Int
    /// How many there may be before one that waits makes room.
    private let openMax: Int
    private let logger: Logger
    private let state = Mutex(State())
    private let evictions = SparseLog("Connections without a request make room")

    /// Keeps below `max`, which is what the listener accepts.
    init(max: Int, logger: Logger) {
        servingMax = max - max / 16
        servingMaxOfPeer = servingMax - servingMax / 4
        openMax = max - max / 32
        self.logger = logger
    }

    /// Takes in a connection, for which others may have to make room; `close` may be called on any thread.
    func open(from peer: String, close: @escaping @Sendable () -> Void) -> Int {
        let (id, evicted) = state.withLock { state in
            state.opened += 1
            state.connections[state.opened] = Connection(peer: peer, close: close, waitingSince: .now)
            return (state.opened, state.connections.count > openMax ? state.evict(openMax / 16 + 1) : [])
        }
        for close in evicted { close() }
        if !evicted.isEmpty { evictions.say(["peer": "\(peer)", "closed": "\(evicted.count)"], to: logger) }
        return id
    }

    /// Counts a request of the connection; false when there are too many already, of its peer or in all.
    func begin(_ id: Int) -> Bool {
        state.withLock { state in
            guard let connection = state.connections[id], connection.waitingSince != nil else { return true }
            let ofPeer = state.serving[connection.peer, default: 0]
            guard state.servingInAll < servingMax, ofPeer < servingMaxOfPeer else { return false }
            state.servingInAll += 1
            state.serving[connection.peer] = ofPeer + 1
            state.connections[id]?.waitingSince = nil
            return true
        }
    }

    /// Says that the connection's requests are all answered.
    func end(_ id: Int) {
        state.withLock { state in
            state.release(id)
            state.connections[id]?.waitingSince = .now
        }
    }

    /// Says that the connection is gone.
    func close(_ id: Int) {
        state.withLock { state in
            state.release(id)
            state.connections[id] = nil
        }
    }
}

extension Connections.State {
    fileprivate mutating func release(_ id: Int) {
        guard let connection = connections[id], connection.waitingSince == nil else { return }
        servingInAll -= 1
        let left = serving[connection.peer, default: 1] - 1
        serving[connection.peer] = left > 0 ? left : nil
    }

    /// Gives up those that have waited longest, of the peer that has most of them, up to `count`.
    fileprivate mutating func evict(_ count: Int) -> [@Sendable () -> Void] {
        let waiting = connections.filter { $0.value.waitingSince != nil }
        let peers = Dictionary(grouping: waiting) { $0.value.peer }
        let most = peers.values.max { $0.count < $1.count } ?? []
        let longest = most.sorted { $0.key < $1.key }.prefix(count)
        for (id, _) in longest { connections[id] = nil }
        return longest.map(\.value.close)
    }
}
