internal import Synchronization

/// The requests of one client that are being carried out, so that it can cancel them.
///
/// A connection is whatever a client cancels on: one stream of events, one session of Streamable HTTP, or one request
/// that stands alone.
public final class MCPConnection: Sendable {
    /// How many requests may be carried out at the same time, unless told otherwise.
    public static let requestsMax = 64

    private struct State {
        var requests: [Int: Admission] = [:]
        var admitted = 0
        var isClosed = false
    }

    private let requestsMax: Int
    private let state = Mutex(State())

    /// Allows `requestsMax` requests at the same time.
    public init(requestsMax: Int = MCPConnection.requestsMax) {
        precondition(requestsMax > 0, "a connection for \(requestsMax) requests")
        self.requestsMax = requestsMax
    }

    /// Whether nothing is being carried out.
    public var isIdle: Bool { state.withLock { $0.requests.isEmpty } }

    /// Cancels everything, and refuses whatever comes later.
    public func close() {
        let requests = state.withLock { state in
            state.isClosed = true
            return state.requests.values.map(\.self)
        }
        for request in requests { request.cancel() }
    }

    /// Ends the subscriptions, which would never end on their own.
    public func endSubscriptions() {
        let requests = state.withLock { state in state.requests.values.filter(\.isSubscription) }
        for request in requests { request.cancel() }
    }

    /// Cancels the request `id`, if it is being carried out.
    func cancel(_ id: RequestID) {
        let requests = state.withLock { state in state.requests.values.filter { $0.id == id } }
        for request in requests { request.cancel() }
    }

    /// Makes room for a request; nil when there is none.
    func admit(_ id: RequestID, isSubscription: Bool) -> Place? {
        let admission = state.withLock { state -> Admission? in
            guard !state.isClosed, state.requests.count < requestsMax else { return nil }
            state.admitted += 1
            let admission = Admission(id: id, number: state.admitted, isSubscription: isSubscription)
            state.requests[admission.number] = admission
            return admission
        }
        return admission.map { Place(admission: $0, connection: self) }
    }

    fileprivate func release(_ admission: Admission) {
        state.withLock { $0.requests[admission.number] = nil }
    }
}

/// The place of a request in its connection.
///
/// Given back at the latest when nobody is left who could run the request, as when its client is gone too early.
final class Place: Sendable {
    let admission: Admission
    private let connection: MCPConnection

    fileprivate init(admission: Admission, connection: MCPConnection) {
        self.admission = admission
        self.connection = connection
    }

    deinit { release() }

    /// Gives the place back; once more does nothing.
    func release() { connection.release(admission) }
}

/// A request that is being carried out.
struct Admission: Sendable {
    let id: RequestID
    /// Tells requests apart whose client gave them the same id.
    let number: Int
    let isSubscription: Bool
    /// Ends when the request is cancelled.
    let cancelled: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init(id: RequestID, number: Int, isSubscription: Bool) {
        self.id = id
        self.number = number
        self.isSubscription = isSubscription
        (cancelled, continuation) = AsyncStream.makeStream()
    }

    func cancel() { continuation.finish() }
}
