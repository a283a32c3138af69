internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One request to one vetted address of a host, on a connection of its own, without cookies or credentials.
struct Exchange: Sendable {
    let userAgent: String
    let limits: FetchLimits
    let tls: TLS

    /// How many addresses of one host are tried.
    private static let attemptsMax = 4

    /// The answer of the first address that takes the connection; no address is tried after `deadline`.
    func answer(
        to url: WebURL,
        at addresses: [SocketAddress],
        by deadline: ContinuousClock.Instant,
        query: HTTPQuery = .page
    ) async throws -> HTTPAnswer {
        var failure: (any Error)?
        for address in addresses.prefix(Exchange.attemptsMax) {
            try Task.checkCancellation()
            let connected: Connected
            do {
                connected = try await connect(to: address, for: url, by: deadline, query)
            } catch {
                failure = error
                continue
            }
            return try await connected.answer()
        }
        if case ChannelError.connectTimeout? = failure {
            throw FetchError(.timeout, "`\(url.authority)` did not take a connection within \(limits.connectTime)")
        }
        throw FetchError(.connection, "`\(url.authority)` does not take connections")
    }

    /// No proxy, whatever the environment says: it would connect to addresses that were not vetted.
    private func connect(
        to address: SocketAddress,
        for url: WebURL,
        by deadline: ContinuousClock.Instant,
        _ query: HTTPQuery
    ) async throws -> Connected {
        // Connecting cannot be cancelled, and so must not take longer than anybody waits.
        let time = max(.milliseconds(1), min(limits.connectTime, deadline - .now))
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(TimeAmount(time))
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, for: url, at: address, query) }
            }
    }

    private func prepare(
        _ channel: any Channel,
        for url: WebURL,
        at address: SocketAddress,
        _ query: HTTPQuery
    ) throws -> Connected {
        let pipeline = channel.pipeline.syncOperations
        let meter = WireMeter(expecting: address, headBytesMax: limits.headBytesMax)
        try pipeline.addHandler(meter)
        if url.scheme == .https { try pipeline.addHandler(try tls.makeHandler(for: url.host)) }
        try pipeline.addHandler(HTTPRequestEncoder())
        let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        let collector = AnswerCollector(
            request(for: url, query),
            body: query.body,
            limits: limits,
            meter: meter,
            promise: promise
        )
        try pipeline.addHandler(collector)
        return Connected(channel: channel, promise: promise)
    }

    private func request(for url: WebURL, _ query: HTTPQuery) -> HTTPRequestHead {
        var headers: HTTPHeaders = [
            "Host": url.authority,
            "User-Agent": userAgent,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        ]
        headers.add(contentsOf: query.headers)
        if !query.body.isEmpty || query.method == .POST {
            headers.add(name: "Content-Length", value: "\(query.body.count)")
        }
        return HTTPRequestHead(version: .http1_1, method: query.method, uri: url.target, headers: headers)
    }
}

/// A connection on which the answer is awaited.
private struct Connected: Sendable {
    let channel: any Channel
    let promise: EventLoopPromise<HTTPAnswer>

    func answer() async throws -> HTTPAnswer {
        try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}
