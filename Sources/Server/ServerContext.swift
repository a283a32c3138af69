public import Hummingbird
internal import NIOCore

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

    /// Lets the client send its body, for which it may be waiting.
    func wantBody() { channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }
}
