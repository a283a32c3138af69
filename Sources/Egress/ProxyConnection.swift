internal import NIOCore

/// One connection of a session, from its first byte to its audit line.
struct ProxyConnection: Sendable {
    /// How long a session may take to close a connection after its answer.
    static let lingerTime = TimeAmount.seconds(2)

    let client: ByteChannel
    let session: String
    let isAdmitted: Bool
    let proxy: EgressProxy
    let ledger: SessionLedger
    let state: ConnectionState

    init(client: ByteChannel, session: String, proxy: EgressProxy, ledger: SessionLedger) {
        self.client = client
        self.session = session
        self.proxy = proxy
        self.ledger = ledger
        isAdmitted = ledger.open()
        state = ConnectionState(client: client.channel, limits: proxy.limits, ledger: ledger)
    }

    var limits: EgressLimits { proxy.limits }

    /// Serves it until it is over. Cancelling breaks it off.
    func run() async {
        let lifetime = loop.scheduleTask(in: TimeAmount(limits.lifetime)) { state.stop(.lifetime) }
        await withTaskCancellationHandler {
            do {
                try await client.executeThenClose { inbound, outbound in
                    try await stopWhenIdle()
                    var reader = ByteReader(inbound)
                    await converse(&reader, ByteWriter(channel: client.channel, outbound: outbound))
                }
            } catch {
                state.end(.interrupted)
            }
        } onCancel: {
            state.stop(.cancelled)
        }
        lifetime.cancel()
        if isAdmitted { ledger.close() }
        var record = state.record(session: session)
        guard let leftOutCount = ledger.audit(record.verdict) else { return }
        record.leftOutCount = leftOutCount
        proxy.audit(record)
    }

    private var loop: any EventLoop { client.channel.eventLoop }

    /// Breaks the connection off when nothing moves at the session's end, which everything passes through.
    private func stopWhenIdle() async throws {
        try await loop.submit { [client, limits, state] in
            let watch = IdleStateHandler(allTimeout: TimeAmount(limits.idleTime))
            let report = IdleReporter { state.stop(.idleTime) }
            try client.channel.pipeline.syncOperations.addHandlers([watch, report], position: .first)
        }.get()
    }

    /// Answers what the session asks, or says why not.
    private func converse(_ reader: inout ByteReader, _ writer: ByteWriter) async {
        do {
            guard isAdmitted else { throw Refusal.tooManyConnections(limits.connectionsMax) }
            guard let request = try await request(&reader) else { return }
            state.ask(for: request.destination)
            try checkBudget(request)
            let (upstream, address) = try await connect(to: request.destination)
            state.allow(address)
            try await Relay(self, of: request, to: writer).run(&reader, upstream)
        } catch let refusal as Refusal {
            await refuse(refusal, writer)
            await discard(&reader)
        } catch {
            state.stop(.interrupted)
        }
    }

    /// Answers with a refusal and leaves the session a moment to read it.
    func refuse(_ refusal: Refusal, _ writer: ByteWriter) async {
        state.refuse(refusal)
        do {
            try await writer.write(refusal.encoded)
            try await finishAnswer(writer)
        } catch {
            state.stop(.interrupted)
        }
    }

    /// Ends the answer, and a moment later the connection: closing it with bytes unread would take the answer back.
    func finishAnswer(_ writer: ByteWriter) async throws {
        state.answer()
        try await writer.finish()
        state.end(.completed)
        loop.scheduleTask(in: ProxyConnection.lingerTime) { state.close() }
    }

    private func discard(_ reader: inout ByteReader) async {
        do {
            while try await reader.next() != nil {}
        } catch {
            state.end(.interrupted)
        }
    }

    /// The request, which has to come in time; nil if the session closes without one.
    private func request(_ reader: inout ByteReader) async throws -> RequestHead? {
        let deadline = loop.scheduleTask(in: TimeAmount(limits.headTime)) {
            state.end(.headTime)
            // Ends the reading, and leaves the channel open for an answer.
            client.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        defer { deadline.cancel() }
        do {
            let head = try await reader.head(bytesMax: limits.headBytesMax)
            if state.reason == .headTime { throw Refusal.headTooSlow() }
            guard let head else {
                state.end(.interrupted)
                return nil
            }
            return try RequestHead(head)
        } catch is ByteReader.TooLong {
            throw Refusal.headTooLarge(limits.headBytesMax)
        }
    }

    private func checkBudget(_ request: RequestHead) throws(Refusal) {
        guard ledger.bytesLeft > 0 else { throw .sessionBytes(limits.sessionBytesMax) }
        guard request.kind != .tunnel, let length = request.framing.length else { return }
        guard length <= limits.connectionBytesMax else { throw .connectionBytes(limits.connectionBytesMax) }
        guard length <= ledger.bytesLeft else { throw .sessionBytes(limits.sessionBytesMax) }
    }
}

/// Tells that nothing has moved for too long.
private final class IdleReporter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let report: @Sendable () -> Void

    init(_ report: @escaping @Sendable () -> Void) {
        self.report = report
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { report() } else { context.fireUserInboundEventTriggered(event) }
    }
}
