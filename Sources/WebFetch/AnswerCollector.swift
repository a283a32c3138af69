internal import NIOCore
internal import NIOHTTP1

/// Asks once, as soon as the connection stands, and collects the answer within the limits.
final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = HTTPClientRequestPart

    private struct Head {
        let status: Int
        let headers: HTTPHeaders
        var isSuccess: Bool { (200...299).contains(status) }
    }

    private let request: HTTPRequestHead
    private let requestBody: [UInt8]
    private let limits: FetchLimits
    private let meter: WireMeter
    private var promise: EventLoopPromise<HTTPAnswer>?
    private var parser: AnswerParser
    private var decompression: Decompression?
    private var head: Head?
    private var body: [UInt8] = []
    private var inflatedCount = 0
    private var patience: Scheduled<Void>?

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
        parser = AnswerParser(hasBody: request.method != .HEAD)
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        if !requestBody.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: requestBody)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        wait(for: limits.firstByteTime, in: context) { collector, context in
            collector.fail(FetchError(.timeout, "the server did not begin to answer in time"), context)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard promise != nil else { return }
        do throws(FetchError) {
            for part in try parser.read(unwrapInboundIn(data).readableBytesView) where promise != nil {
                switch part {
                case .head(let status, let headers): try begin(Head(status: status, headers: headers), context)
                case .body(let bytes): try add(bytes, context)
                case .end: finishBody(context)
                }
            }
        } catch {
            breakOff(error, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Many servers end TLS without a goodbye; whether the answer is whole is for its framing to say.
        if isUncleanShutdown(error) { return }
        breakOff(explained(error), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if parser.finish() != nil { finishBody(context) } else { breakOff(Self.early, context) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(FetchError(.connection, "the connection could not be made"), context)
    }

    private func finishBody(_ context: ChannelHandlerContext) {
        if decompression?.isWhole == false {
            breakOff(Decompression.damaged, context)
        } else {
            finish(isTruncated: false, context)
        }
    }

    private func finish(isTruncated: Bool, _ context: ChannelHandlerContext) {
        guard let head, let promise else { return }
        end(context)
        let isCut = isTruncated || inflatedCount > body.count
        promise.succeed(HTTPAnswer(status: head.status, headers: head.headers, body: body, isTruncated: isCut))
    }

    /// Ends before the answer did: with what has come of it, where no limit is the reason.
    private func breakOff(_ error: FetchError, _ context: ChannelHandlerContext) {
        let isLimit = [.size, .headers, .address].contains(error.code) || error == Self.bomb
        guard let head, !isLimit, !head.isSuccess || !body.isEmpty else { return fail(error, context) }
        finish(isTruncated: true, context)
    }

    private func fail(_ error: FetchError, _ context: ChannelHandlerContext) {
        guard let promise else { return }
        end(context)
        promise.fail(error)
    }

    private func end(_ context: ChannelHandlerContext) {
        patience?.cancel()
        promise = nil
        context.close(promise: nil)
    }

    /// Carries out `end` after `time`, unless there is an answer, or something else is waited for, by then.
    private func wait(
        for time: Duration,
        in context: ChannelHandlerContext,
        then end: @escaping @Sendable (AnswerCollector, ChannelHandlerContext) -> Void
    ) {
        patience?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        patience = context.eventLoop.scheduleTask(in: TimeAmount(time)) {
            let (collector, context) = bound.value
            end(collector, context)
        }
    }

    private static let early = FetchError(.connection, "the connection ended before the answer was complete")
    private static let bomb = FetchError(.decompression, "the page grows far beyond its size when it is decompressed")
}

// What a head says, and the body after it.
extension AnswerCollector {
    /// What the chunks of a body may cost beside it.
    private static let framingBytes = 1 << 20

    private func begin(_ head: Head, _ context: ChannelHandlerContext) throws(FetchError) {
        meter.endHead()
        self.head = head
        let bytes = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        if bytes > limits.headBytesMax || head.headers.count > limits.headFieldsMax { throw meter.tooMuchHead }
        let type = ContentType(head.headers.first(name: "content-type"))
        if (300...399).contains(head.status) || type.isNeverText {
            // The body is not used.
            return finish(isTruncated: true, context)
        }
        decompression = try coding(of: head).map { Decompression($0) }
        if head.isSuccess { try refuseLength(of: head) }
        // Later, the whole answer is given up, with what has come of it.
        wait(for: head.isSuccess ? limits.bodyTime : limits.errorBodyTime, in: context) { collector, context in
            let isEnough = collector.body.count >= collector.limits.partBytesMin
            if isEnough || collector.head?.isSuccess == false { collector.finish(isTruncated: true, context) }
        }
    }

    private func add(_ bytes: [UInt8], _ context: ChannelHandlerContext) throws(FetchError) {
        if decompression == nil {
            keep(bytes)
        } else {
            try decompression?.read(bytes) { piece throws(FetchError) in
                keep(piece)
                let ratioMax = limits.inflationRatioMax * meter.bodyBytes
                let isBomb = inflatedCount > limits.ratioFreeBytes && inflatedCount > ratioMax
                if isBomb || inflatedCount > limits.inflatedBytesMax { throw Self.bomb }
            }
        }
        // A compressed body is read on, to tell a long page from a bomb.
        let isFull = decompression == nil && inflatedCount > bodyBytesMax
        if isFull || meter.bodyBytes > bodyBytesMax + Self.framingBytes { finish(isTruncated: true, context) }
    }

    private func keep(_ bytes: [UInt8]) {
        inflatedCount += bytes.count
        body += bytes.prefix(bodyBytesMax - body.count)
    }

    private var bodyBytesMax: Int { head?.isSuccess == true ? limits.bodyBytesMax : limits.errorBodyBytesMax }

    /// What the body is compressed with; as browsers do, it passes over what is the name of no compression.
    private func coding(of head: Head) throws(FetchError) -> Decompression.Coding? {
        let known = head.headers[canonicalForm: "content-encoding"].compactMap { Self.codings[$0.lowercased()] }
        guard known.count <= 1, let coding = known.first else {
            guard known.isEmpty else { throw Self.notOffered }
            return nil
        }
        guard let coding else { throw Self.notOffered }
        return coding
    }

    /// By name; nil is what was not offered.
    private static let codings: [String: Decompression.Coding?] = [
        "gzip": .gzip, "x-gzip": .gzip, "deflate": .deflate, "br": nil, "zstd": nil, "compress": nil,
        "x-compress": nil, "dcb": nil, "dcz": nil,
    ]
    private static let notOffered = FetchError(
        .decompression,
        "the page is compressed in a way that was not asked for"
    )

    private func refuseLength(of head: Head) throws(FetchError) {
        let announced = head.headers[canonicalForm: "content-length"].first.flatMap { Int($0) } ?? 0
        guard announced <= limits.announcedBytesMax else {
            throw FetchError(
                .size,
                "the page is \(announced) bytes long; more than \(limits.announcedBytesMax) are not read"
            )
        }
    }

    private func explained(_ error: any Error) -> FetchError {
        if let error = error as? FetchError { return error }
        return tlsFailure(error) ?? FetchError(.connection, "the connection failed")
    }
}
