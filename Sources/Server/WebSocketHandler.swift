internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// Says to a WebSocket that the message which came last has been taken in, so that more may come.
struct WebSocketMessageTaken: Sendable {}

/// Asks a WebSocket to end, with a code that says why.
struct WebSocketEnding: Sendable {
    let code: WebSocketErrorCode
}

/// A WebSocket as the body of a request and the body of its response: one part for each message.
///
/// Control frames are answered here. It reads no further while a message waits to be taken, so it holds one at most; and it
/// answers no ping while the client does not read, so no client makes it hold answers.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = WebSocketFrame

    /// How long the client may take to say that it closes too.
    private static let closeTime = TimeAmount.seconds(5)
    /// What the header of a client's control frame takes: two bytes, and four of the mask.
    private static let controlHeaderBytes = 6

    private let meter: WebSocketMeter
    private let pingInterval: TimeAmount
    private var pings: Scheduled<Void>?
    private var closing: Scheduled<Void>?
    /// The messages that were passed on and wait to be taken.
    private var waitingCount = 0
    private var wantsRead = false
    private var hasSentClose = false
    private var isClosedByClient = false
    /// Whether no message comes any more.
    private var hasEnded = false
    /// What succeeds once the connection may close.
    private var end: EventLoopPromise<Void>?

    init(meter: WebSocketMeter, pingInterval: TimeAmount) {
        self.meter = meter
        self.pingInterval = pingInterval
    }

    func handlerAdded(context: ChannelHandlerContext) { schedulePing(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        pings?.cancel()
        closing?.cancel()
        end?.succeed()
    }
}

// What the client sends.
extension WebSocketHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if frame.opcode.isControlOpcode { meter.forget(frame.length + Self.controlHeaderBytes) }
        if frame.opcode == .connectionClose { return closeBack(context) }
        guard !hasSentClose else { return }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return fail(.protocolError, context) }
        switch frame.opcode {
        case .text:
            waitingCount += 1
            context.fireChannelRead(wrapInboundOut(.body(frame.unmaskedData)))
        case .ping:
            guard context.channel.isWritable else { return }
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .binary: close(.unacceptableData, context)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength,
            NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
            NIOWebSocketFrameAggregator.Error.tooManyFragments:
            fail(.messageTooLarge, context)
        case is WebSocketMeter.NoRoom: fail(.init(codeNumber: 1013), context)
        case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error: fail(.protocolError, context)
        default: context.fireErrorCaught(error)
        }
    }

    func read(context: ChannelHandlerContext) {
        guard waitingCount == 0 else { return wantsRead = true }
        context.read()
    }

    private func take(_ context: ChannelHandlerContext) {
        waitingCount = max(0, waitingCount - 1)
        guard waitingCount == 0 else { return }
        meter.restart()
        guard wantsRead else { return }
        wantsRead = false
        context.read()
    }

    private func closeBack(_ context: ChannelHandlerContext) {
        isClosedByClient = true
        close(.normalClosure, context)
        end?.succeed()
        end = nil
        finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        hasEnded = true
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }
}

// What it is sent.
extension WebSocketHandler {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .body(.byteBuffer(let text)) where !hasSentClose:
            let frame = WebSocketFrame(fin: true, opcode: .text, data: text)
            context.write(wrapOutboundOut(frame), promise: promise)
        case .head, .body: promise?.succeed()
        case .end:
            close(.normalClosure, context)
            if isClosedByClient { promise?.succeed() } else { end = promise }
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event {
        case is WebSocketMessageTaken: take(context)
        case let ending as WebSocketEnding: close(ending.code, context)
        default: return context.triggerUserOutboundEvent(event, promise: promise)
        }
        promise?.succeed()
    }

    /// Says that this end closes, and waits for a while until the client does.
    private func close(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
        guard !hasSentClose else { return }
        hasSentClose = true
        pings?.cancel()
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        closing = context.eventLoop.assumeIsolated().scheduleTask(in: Self.closeTime) { context.close(promise: nil) }
        // The client's own word may still come.
        waitingCount = 0
        context.read()
    }

    /// Closes for what cannot be read; what still comes means nothing.
    private func fail(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
        close(code, context)
        finish(context)
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        pings = context.eventLoop.assumeIsolated().scheduleTask(in: pingInterval) {
            if context.channel.isWritable {
                let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
                context.writeAndFlush(self.wrapOutboundOut(ping), promise: nil)
            }
            self.schedulePing(context)
        }
    }
}
