internal import NIOCore

/// Counts what has come of a message on a WebSocket against the memory for bodies, before it is there whole.
final class WebSocketMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// There is no memory for the message now.
    struct NoRoom: Error {}

    private let budget: BodyBudget
    private var share: BodyBudget.Share
    private var bytes = 0

    init(_ budget: BodyBudget) {
        self.budget = budget
        share = budget.share()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        guard share.grow(to: bytes) else { return context.fireErrorCaught(NoRoom()) }
        context.fireChannelRead(data)
    }

    /// Counts so many bytes no more, which were those of a frame that is no part of a message.
    func forget(_ count: Int) { bytes = max(0, bytes - count) }

    /// Begins again: the message is there, and counts where it is used.
    func restart() {
        share = budget.share()
        bytes = 0
    }
}
