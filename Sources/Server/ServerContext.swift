internal import HTTPTypes
public import Hummingbird
internal import NIOCore
internal import NIOWebSocket

/// What a request brings with it.
public struct ServerContext: RequestContext {
    /// What every request has.
    public var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    /// The context of a request that came from `source`.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Who asks, by the address of the other end; empty where that has none.
    var peer: String { channel.remoteAddress?.ipAddress ?? "" }

    /// Whether the other end is on this machine.
    var isLocal: Bool { peer.isEmpty || peer == "::1" || peer.hasPrefix("127.") }

    /// Who asks, for what clients share: the peer; and where that is a proxy on this machine, the token that it passes on.
    ///
    /// A token is not checked here. Of a peer elsewhere it does not count, for each could make up any number.
    func client(of request: Request) -> String {
        guard isLocal, let token = request.headers[.authorization] else { return peer }
        return "\(peer) \(token.hashValue)"
    }

    /// Lets the client send its body, for which it may be waiting.
    func wantBody() { channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }

    /// Readies the connection to become a WebSocket with the answer to `request`, whose status is 101, and gives the headers
    /// of that.
    func becomeWebSocket(_ request: Request, _ upgrade: WebSocketUpgrade) async throws(Problem) -> HTTPFields {
        let headers = try await WebSocketUpgrade.headers(for: request, on: channel)
        channel.triggerUserOutboundEvent(upgrade, promise: nil)
        return headers
    }

    /// Lets a WebSocket read further, for its last message has been taken in; what that took of the memory for bodies is free
    /// afterwards.
    func takeMessage() async { try? await channel.triggerUserOutboundEvent(WebSocketMessageTaken()) }

    /// Closes a WebSocket, and says why.
    func end(_ code: WebSocketErrorCode) {
        channel.triggerUserOutboundEvent(WebSocketEnding(code: code), promise: nil)
    }
}
