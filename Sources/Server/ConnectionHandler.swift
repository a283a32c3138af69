internal import NIOCore
internal import NIOHTTP1

/// Asks a connection to let its client send the body that it waits with.
struct BodyWanted: Sendable {}

/// What one connection does about HTTP beyond its grammar: `100 Continue`, `HEAD`, HTTP/1.0, the change to WebSocket, and
/// clients that are slow or too many.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What comes in now.
    private enum Arrival {
        case nothing
        case head
        case body(bytesInWindow: Int)
    }

    /// A request that is not answered to the end.
    private struct Exchange {
        let isHead: Bool
        /// Whether the client speaks HTTP/1.0, which knows no chunks and ends with the connection.
        let isOld: Bool
        var awaitsContinue: Bool
        var closes: Bool
        /// Whether the client offers WebSocket: the request ends for those who read it when it is declined, and when it is
        /// taken up goes on with messages.
        let offersWebSocket: Bool
        var hasBegun = false
    }

    private let policy: ConnectionPolicy
    private var id = 0
    private var arrival = Arrival.nothing
    /// Whether something of a message came since the last time everything that was there had been read.
    private var hasRead = false
    private var exchanges: [Exchange] = []
    private var isRefused = false
    /// What the connection becomes once the offer of the request is answered with 101.
    private var upgrade: WebSocketUpgrade?
    private var timer: Scheduled<Void>?

    init(policy: ConnectionPolicy) {
        self.policy = policy
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        id = policy.connections.open(from: channel.remoteAddress?.ipAddress ?? "") { channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        policy.connections.close(id)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        hasRead = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard policy.connections.begin(id) || policy.isReserved(head.uri) else {
                policy.report(.tooMany, of: context.channel)
                return refuse(.serviceUnavailable, ConnectionPolicy.tooMany, in: context)
            }
            exchanges.append(
                Exchange(
                    isHead: head.method == .HEAD,
                    isOld: head.version.minor == 0,
                    awaitsContinue: head.headers.contains(name: "expect") && head.version.minor > 0,
                    // After a request that offers another protocol the decoder reads nothing.
                    closes: !head.isKeepAlive || head.version.minor == 0 || head.headers.contains(name: "upgrade"),
                    offersWebSocket: head.offersWebSocket
                )
            )
            expect(.body(bytesInWindow: 0), for: policy.bodyWindow, context)
        case .body(let bytes):
            if case .body(let count) = arrival { arrival = .body(bytesInWindow: count + bytes.readableBytes) }
        case .end:
            expect(.nothing, for: nil, context)
            if let exchange = exchanges.last, exchange.offersWebSocket, !exchange.hasBegun { return }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes came, and made nothing yet: a head that is not there whole.
        if !hasRead, case .nothing = arrival, exchanges.isEmpty { expect(.head, for: policy.headTime, context) }
        hasRead = false
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Nothing that comes is read any more.
        expect(.nothing, for: nil, context)
        context.fireErrorCaught(error)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let event = event as? WebSocketUpgrade { upgrade = event }
        guard event is BodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        promise?.succeed()
        guard let exchange = exchanges.first, exchange.awaitsContinue, !exchange.hasBegun, !isRefused else { return }
        exchanges[0].awaitsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isRefused else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        guard let exchange = exchanges.first else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status == .switchingProtocols:
            exchanges[0].hasBegun = true
            context.writeAndFlush(data, promise: promise)
            upgrade?.install(in: context.pipeline.syncOperations, before: self)
        case .head(let head):
            context.write(wrapOutboundOut(.head(begin(head, of: exchange))), promise: promise)
            // What was held back while the offer was not answered.
            if exchange.offersWebSocket, case .nothing = arrival { context.fireChannelRead(wrapInboundOut(.end(nil))) }
        case .body where exchange.isHead:
            promise?.succeed()
        case .body:
            context.write(data, promise: promise)
        case .end:
            end(exchange, writing: data, promise: promise, in: context)
        }
    }
}

extension ConnectionHandler {
    /// The head as the client of this request understands it.
    private func begin(_ head: HTTPResponseHead, of exchange: Exchange) -> HTTPResponseHead {
        var head = head
        exchanges[0].hasBegun = true
        if exchange.isOld {
            head.version = .http1_0
            head.headers.remove(name: "transfer-encoding")
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        if !head.isKeepAlive { exchanges[0].closes = true }
        if exchange.closes { head.headers.replaceOrAdd(name: "connection", value: "close") }
        return head
    }

    private func end(
        _ exchange: Exchange,
        writing data: NIOAny,
        promise: EventLoopPromise<Void>?,
        in context: ChannelHandlerContext
    ) {
        exchanges.removeFirst()
        if exchanges.isEmpty { policy.connections.end(id) }
        // A body that still comes is read to its end first: closing on it might lose the answer.
        guard exchange.closes, case .nothing = arrival else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.write(data, promise: written)
    }

    /// Expects the rest of what arrives within `time`; nil for as long as it takes.
    private func expect(_ next: Arrival, for time: TimeAmount?, _ context: ChannelHandlerContext) {
        timer?.cancel()
        arrival = next
        timer = time.map { time in
            context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.timeIsOver(context) }
        }
    }

    private func timeIsOver(_ context: ChannelHandlerContext) {
        switch arrival {
        case .nothing: return
        case .body(let bytes) where bytes >= policy.bodyBytesPerWindow:
            return expect(.body(bytesInWindow: 0), for: policy.bodyWindow, context)
        case .head, .body: break
        }
        if exchanges.contains(where: \.hasBegun) || exchanges.count > 1 { return context.close(promise: nil) }
        policy.report(.slow, of: context.channel)
        refuse(.requestTimeout, ConnectionPolicy.slow, in: context)
    }

    /// Answers in place of the handlers after this one, and closes.
    private func refuse(_ status: HTTPResponseStatus, _ body: String, in context: ChannelHandlerContext) {
        isRefused = true
        let headers: HTTPHeaders = [
            "connection": "close", "content-type": "application/json", "content-length": "\(body.utf8.count)",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}

extension HTTPRequestHead {
    /// Whether the client would go on with WebSocket after this request, which has no body.
    fileprivate var offersWebSocket: Bool {
        method == .GET && version.minor > 0 && !headers.contains(name: "content-length")
            && !headers.contains(name: "transfer-encoding")
            && headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }
}
