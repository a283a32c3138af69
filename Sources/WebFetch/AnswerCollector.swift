internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression

/// Asks once, as soon as the connection stands, and collects the answer within the limits.
final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequestHead
    private let requestBody: [UInt8]
    private let limits: FetchLimits
    private let meter: WireMeter
    private var promise: EventLoopPromise<HTTPAnswer>?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var inflatedCount = 0
    private var silence: Scheduled<Void>?

    init(
        _ request: HTTPRequestHead,
        body: [UInt8],
        limits: FetchLimits,
        meter: WireMeter,
        promise: EventLoopPromise<HTTPAnswer>
    ) {
        self.request = request
        requestBody = body
        self.limits = limits
        self.meter = meter
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        if !requestBody.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: requestBody)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        silence = context.eventLoop.scheduleTask(in: TimeAmount(limits.firstByteTime)) {
            let (collector, context) = bound.value
            collector.fail(FetchError(.timeout, "the server did not begin to answer in time"), context)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard promise != nil else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): add(bytes, context)
        case .end: finish(isTruncated: false, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many servers end TLS without a goodbye; whether the answer is whole is for its framing to say.
        if isUncleanShutdown(error) { return }
        fail(explained(error), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(AnswerCollector.early, context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(FetchError(.connection, "the connection could not be made"), context)
    }

    private func begin(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        silence?.cancel()
        meter.endHead()
        self.head = head
        let bytes = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        if bytes > limits.headBytesMax || head.headers.count > limits.headFieldsMax {
            return fail(meter.tooMuchHead, context)
        }
        let isPage = (200...299).contains(head.status.code)
        if !isPage || ContentType(head.headers.first(name: "content-type")).isNeverText {
            // Nobody will look at the body.
            finish(isTruncated: true, context)
        } else if let error = refusal(ofBodyAfter: head) {
            fail(error, context)
        }
    }

    private func add(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        inflatedCount += bytes.readableBytes
        let isCompressed = head?.headers.contains(name: "content-encoding") == true
        let ratioMax = limits.inflationRatioMax * meter.bodyBytes
        if isCompressed, inflatedCount > limits.ratioFreeBytes, inflatedCount > ratioMax {
            return fail(AnswerCollector.bomb, context)
        }
        let room = min(bytes.readableBytes, limits.bodyBytesMax - body.readableBytes)
        if let part = bytes.getSlice(at: bytes.readerIndex, length: room) { body.writeImmutableBuffer(part) }
        // A compressed body is read on, to tell a long page from a bomb.
        let isFull = !isCompressed && inflatedCount > limits.bodyBytesMax
        if isFull || meter.bodyBytes > limits.bodyBytesMax + AnswerCollector.framingBytes {
            finish(isTruncated: true, context)
        }
    }

    private func finish(isTruncated: Bool, _ context: ChannelHandlerContext) {
        guard let head, let promise else { return }
        end(context)
        let isCut = isTruncated || inflatedCount > body.readableBytes
        let status = Int(head.status.code)
        let bytes = Array(buffer: body)
        promise.succeed(HTTPAnswer(status: status, headers: head.headers, body: bytes, isTruncated: isCut))
    }

    private func fail(_ error: FetchError, _ context: ChannelHandlerContext) {
        guard let promise else { return }
        end(context)
        promise.fail(error)
    }

    private func end(_ context: ChannelHandlerContext) {
        silence?.cancel()
        promise = nil
        context.close(promise: nil)
    }

    /// What the chunks of a body may cost beside it.
    private static let framingBytes = 1 << 20
    private static let early = FetchError(.connection, "the connection ended before the answer was complete")
    private static let bomb = FetchError(.decompression, "the page grows far beyond its size when it is decompressed")
}

// What a head can already say.
extension AnswerCollector {
    private func refusal(ofBodyAfter head: HTTPResponseHead) -> FetchError? {
        let codings = head.headers[canonicalForm: "content-encoding"].map { $0.lowercased() }
        guard codings.count <= 1, codings.allSatisfy({ ["gzip", "deflate", "identity"].contains($0) }) else {
            return FetchError(.decompression, "the page is compressed in a way that was not asked for")
        }
        let announced = head.headers[canonicalForm: "content-length"].first.flatMap { Int($0) } ?? 0
        if announced > limits.announcedBytesMax {
            return FetchError(
                .size,
                "the page is \(announced) bytes long; more than \(limits.announcedBytesMax) are not read"
            )
        }
        return nil
    }

    private func explained(_ error: any Error) -> FetchError {
        switch error {
        case let error as FetchError: error
        case HTTPParserError.headerOverflow: meter.tooMuchHead
        case HTTPParserError.invalidEOFState: AnswerCollector.early
        case is HTTPParserError: FetchError(.protocolViolation, "the server does not answer in HTTP as it should")
        case NIOHTTPDecompression.DecompressionError.limit: AnswerCollector.bomb
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            FetchError(.decompression, "the page is compressed and damaged")
        default: tlsFailure(error) ?? FetchError(.connection, "the connection failed")
        }
    }
}
