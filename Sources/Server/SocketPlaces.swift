internal import Synchronization

/// The places for sockets that stay open, shared by all clients.
final class SocketPlaces: Sendable {
    private let most: Int
    private let mostOfClient: Int
    private let taken = Mutex<[String: Int]>([:])

    /// Has `most` places, of which one client takes at most `mostOfClient`.
    init(most: Int, mostOfClient: Int) {
        self.most = most
        self.mostOfClient = mostOfClient
    }

    /// A place for `client`; nil where there is none.
    func take(for client: String) -> Place? {
        taken.withLock { taken in
            let own = taken[client, default: 0]
            guard own < mostOfClient, taken.values.reduce(0, +) < most else { return nil }
            taken[client] = own + 1
            return Place(client, among: self)
        }
    }

    private func give(back client: String) {
        taken.withLock { taken in
            let left = taken[client, default: 1] - 1
            taken[client] = left > 0 ? left : nil
        }
    }

    /// One place; given back when the last reference to it is released.
    final class Place: Sendable {
        private let client: String
        private let places: SocketPlaces

        fileprivate init(_ client: String, among places: SocketPlaces) {
            self.client = client
            self.places = places
        }

        deinit { places.give(back: client) }
    }
}
