internal import JSON
internal import Synchronization

/// The responses that clients may ask for later, or continue: so many, the oldest make room.
final class ResponseStore: Sendable {
    /// A response, and what came before it.
    struct Entry: Sendable {
        let response: JSONValue
        let input: [JSONValue]
        let past: Conversation.Past
        /// How much it takes, in bytes of JSON.
        let bytes: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The ids in the order in which they came; those of deleted entries stay until their turn.
        var order: [String] = []
        var bytes = 0
    }

    private let limits: ResponseLimits
    private let state = Mutex(State())

    init(_ limits: ResponseLimits) { self.limits = limits }

    subscript(id: String) -> Entry? { state.withLock { $0.entries[id] } }

    /// Keeps a response. One that is larger than all may be together is not kept.
    func keep(_ id: String, _ entry: Entry) {
        guard entry.bytes <= limits.storedBytesMax else { return }
        state.withLock { state in
            state.entries[id] = entry
            state.order.append(id)
            state.bytes += entry.bytes
            while state.entries.count > limits.storedMax || state.bytes > limits.storedBytesMax {
                remove(state.order.removeFirst(), from: &state)
            }
            // What was deleted must not make the order grow.
            if state.order.count > 2 * limits.storedMax { state.order.removeAll { state.entries[$0] == nil } }
        }
    }

    /// Deletes a response; false if there is none.
    func delete(_ id: String) -> Bool { state.withLock { remove(id, from: &$0) } }

    @discardableResult
    private func remove(_ id: String, from state: inout State) -> Bool {
        guard let entry = state.entries.removeValue(forKey: id) else { return false }
        state.bytes -= entry.bytes
        return true
    }
}
