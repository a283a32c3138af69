internal import NIOCore

/// Stands between the socket and everything else: looks whom it is connected to, and counts what comes.
final class WireMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let peer: SocketAddress
    private let headBytesMax: Int
    private var isInHead = true
    private var headBytes = 0
    private var currentRead = 0
    /// What came after the head, before decompression.
    private(set) var bodyBytes = 0

    init(expecting peer: SocketAddress, headBytesMax: Int) {
        self.peer = peer
        self.headBytesMax = headBytesMax
    }

    var tooMuchHead: FetchError {
        FetchError(.headers, "the server sends more than \(headBytesMax) bytes or too many fields of headers")
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let actual = context.remoteAddress, actual.ipAddress == peer.ipAddress, actual.port == peer.port else {
            context.fireErrorCaught(FetchError(.address, "the connection leads to another address than was looked up"))
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        currentRead = unwrapInboundIn(data).readableBytes
        if isInHead { headBytes += currentRead } else { bodyBytes += currentRead }
        context.fireChannelRead(data)
        if isInHead, headBytes > headBytesMax { context.fireErrorCaught(tooMuchHead) }
    }

    /// The reader of the head has reached its end; what was read with that may already belong to the body.
    func endHead() {
        isInHead = false
        bodyBytes += currentRead
    }
}
