internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// Makes a WebSocket (RFC 6455) of a connection whose request is answered with 101.
///
/// As an event it tells the connection that the answer comes. From then on each part of the request's body is one message of
/// the client's, and each part of the response's body becomes one message to it. So a message is read, and taken by the
/// socket, at the pace of the other end, as any body is.
struct WebSocketUpgrade: Sendable {
    /// Into how many frames a message may be cut.
    static let framesMax = 4096

    /// How large a message of the client's may be, in bytes.
    let messageBytesMax: Int
    /// What messages take of the memory for bodies until they are there whole.
    let budget: BodyBudget
    /// How often the client is asked whether it is there.
    let pingInterval: Duration

    /// The headers of the answer to `request`.
    ///
    /// - Throws: ``Problem`` for a request that offers no WebSocket.
    static func headers(for request: Request, on channel: any Channel) async throws(Problem) -> HTTPFields {
        let names: [HTTPField.Name] = [.secWebSocketKey, .secWebSocketVersion]
        let fields = names.flatMap { name in request.headers[values: name].map { (name.canonicalName, $0) } }
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: request.uri.string,
            headers: HTTPHeaders(fields)
        )
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        do {
            guard request.offersWebSocket else { throw NIOWebSocketUpgradeError.invalidUpgradeHeader }
            let headers = try await upgrader.buildUpgradeResponse(
                channel: channel,
                upgradeRequest: head,
                initialResponseHeaders: [:]
            ).get()
            return HTTPFields(
                headers.compactMap { name, value in HTTPField.Name(name).map { HTTPField(name: $0, value: value) } }
            )
        } catch {
            throw Problem(
                .upgradeRequired,
                "Offer a WebSocket of version 13 with `Upgrade: websocket`, or send the request with POST.",
                headers: [.upgrade: "websocket", .secWebSocketVersion: "13"]
            )
        }
    }

    /// Puts frames in the place of HTTP's grammar, between the socket and `handler`.
    func install(in pipeline: ChannelPipeline.SynchronousOperations, before handler: ConnectionHandler) {
        let meter = WebSocketMeter(budget)
        let aggregator = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0,
            maxAccumulatedFrameCount: Self.framesMax,
            maxAccumulatedFrameSize: messageBytesMax
        )
        let frames: [any ChannelHandler] = [
            WebSocketFrameEncoder(), meter, ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: messageBytesMax)),
            aggregator, WebSocketHandler(meter: meter, pingInterval: TimeAmount(pingInterval)),
        ]
        do {
            try remove(HTTPResponseEncoder.self, from: pipeline)
            try remove(HTTPConnectionStateHandler.self, from: pipeline)
            try pipeline.addHandlers(frames, position: .before(handler))
            // Gone before the next bytes come, for it goes in this turn of the event loop.
            try remove(ByteToMessageHandler<HTTPRequestDecoder>.self, from: pipeline)
        } catch {
            preconditionFailure("a connection without the handlers that HTTP has: \(error)")
        }
    }

    private func remove<Handler: RemovableChannelHandler>(
        _ handler: Handler.Type,
        from pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        _ = pipeline.removeHandler(context: try pipeline.context(handlerType: handler))
    }
}

extension Request {
    /// Whether the client would go on with WebSocket.
    fileprivate var offersWebSocket: Bool {
        let holds = { (name: HTTPField.Name, word: String) in
            self.headers[values: name].contains { $0.lowercased().contains(word) }
        }
        return holds(.upgrade, "websocket") && holds(.connection, "upgrade")
    }
}
