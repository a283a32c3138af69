public import JSON
internal import Synchronization

/// The requests of one client that are running, so that the client can cancel them.
///
/// A connection is whatever a client cancels on: one stream of events, one session of Streamable HTTP, or one request
/// that stands alone.
public final class MCPConnection: Sendable {
    /// How many requests may run at the same time by default.
    public static let requestsMax = 64

    private struct State {
        var requests: [Int: Request] = [:]
        var admitted = 0
        var isClosed = false
    }

    /// A running request, kept under a number of our own: a client may give two requests the same id.
    private struct Request {
        let id: RequestID
        let isSubscription: Bool
        let cancellation: AsyncStream<Never>.Continuation
    }

    private let requestsMax: Int
    private let state = Mutex(State())

    /// Allows `requestsMax` requests at the same time.
    public init(requestsMax: Int = MCPConnection.requestsMax) {
        precondition(requestsMax > 0, "a connection for \(requestsMax) requests")
        self.requestsMax = requestsMax
    }

    /// Whether no request is running.
    public var isIdle: Bool { state.withLock { $0.requests.isEmpty } }

    /// Cancels all requests, and refuses those that come later.
    public func close() {
        state.withLock { $0.isClosed = true }
        cancel { _ in true }
    }

    /// Ends the subscriptions, which would never end on their own.
    public func endSubscriptions() { cancel(where: \.isSubscription) }

    /// Cancels the request `id`, if it is running.
    func cancel(_ id: RequestID) { cancel { $0.id == id } }

    private func cancel(where isMeant: (Request) -> Bool) {
        let requests = state.withLock { $0.requests.values.filter(isMeant) }
        for request in requests { request.cancellation.finish() }
    }

    /// Makes room for a request; nil when there is none.
    func admit(_ id: RequestID, isSubscription: Bool) -> Admission? {
        let (cancelled, cancellation) = AsyncStream<Never>.makeStream()
        let number = state.withLock { state -> Int? in
            guard !state.isClosed, state.requests.count < requestsMax else { return nil }
            state.admitted += 1
            state.requests[state.admitted] = Request(
                id: id,
                isSubscription: isSubscription,
                cancellation: cancellation
            )
            return state.admitted
        }
        return number.map { Admission(id: id, cancelled: cancelled, number: $0, connection: self) }
    }

    fileprivate func release(_ number: Int) {
        state.withLock { $0.requests[number] = nil }
    }
}

/// The place of a request in its connection.
///
/// It is given back at the latest when no reference is left that could run the request, as when its client is gone early.
final class Admission: Sendable {
    let id: RequestID
    /// Ends when the request is cancelled.
    let cancelled: AsyncStream<Never>
    private let number: Int
    private let connection: MCPConnection

    fileprivate init(id: RequestID, cancelled: AsyncStream<Never>, number: Int, connection: MCPConnection) {
        self.id = id
        self.cancelled = cancelled
        self.number = number
        self.connection = connection
    }

    deinit { release() }

    /// Gives the place back; a second time does nothing.
    func release() { connection.release(number) }
}

/// What a message cannot say for itself.
public struct MCPContext: Sendable {
    /// The session whose state tools work on.
    public let session: SessionKey
    /// Where the message came in.
    public let connection: MCPConnection
    /// The protocol version, where the transport settles it; nil when each message does, as on a pipe.
    public let version: ProtocolVersion?
    /// Whether `tools/list` shows `cleanup_session`, which can be called either way.
    public let listsCleanUp: Bool
    /// The value of `dev.harmonium/stream` for calls that do not set it; nil for no value.
    public let streamDetails: JSONValue?

    /// Describes where a message came from.
    public init(
        session: SessionKey,
        connection: MCPConnection,
        version: ProtocolVersion? = nil,
        listsCleanUp: Bool = false,
        streamDetails: JSONValue? = nil
    ) {
        self.session = session
        self.connection = connection
        self.version = version
        self.listsCleanUp = listsCleanUp
        self.streamDetails = streamDetails
    }
}
