import AsyncHTTPClient
import JSON
import MCP
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import Responses

/// An engine on a socket that computes nothing, and remembers what it was asked.
final class LoopbackEngine: Sendable {
    /// One request.
    struct Request: Sendable {
        let path: String
        let authorization: String?
        let json: JSONValue

        /// Whether its answer is not read.
        var isWarmUp: Bool { json["max_tokens"] == 1 }
        var ids: [Int] { json["prompt"]?.array?.compactMap(\.integer) ?? [] }
    }

    /// What becomes of a request.
    enum Reply: Sendable {
        /// An answer; with a location, one that redirects.
        case answer(HTTPResponseStatus = .ok, String = LoopbackEngine.completion(), location: String? = nil)
        /// The head of an answer, and then nothing.
        case head
        /// Nothing until `answerHeld`.
        case hold
        case hangUp
    }

    private struct State {
        var requests: [Request] = []
        var outstanding: [ObjectIdentifier: any Channel] = [:]
        var outstandingMax = 0
    }

    /// Every request, as it comes.
    let arrived = Events<Request>()
    /// Every request that was given up before there was an answer.
    let abandoned = Events<Void>()

    private let state = Mutex(State())
    private let reply: @Sendable (Int, Request) -> Reply

    private init(_ reply: @escaping @Sendable (Int, Request) -> Reply) {
        self.reply = reply
    }

    /// Runs an engine that answers by `reply`, which gets how many requests there were before, and lends its port.
    static func run<Value>(
        _ reply: @escaping @Sendable (Int, Request) -> Reply = { _, _ in .answer() },
        _ body: (LoopbackEngine, Int) async throws -> Value
    ) async throws -> Value {
        let engine = LoopbackEngine(reply)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(EngineHandler(engine))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let value: Value
        do {
            value = try await body(engine, server.localAddress?.port ?? 0)
        } catch {
            try await server.close()
            throw error
        }
        try await server.close()
        return value
    }

    /// What vLLM says, as far as somebody reads it.
    static func completion(cachedCount: Int? = nil) -> String {
        let details = cachedCount.map { #"{"cached_tokens":\#($0)}"# } ?? "null"
        return #"{"object":"text_completion","choices":[{"text":"x"}],"usage":{"prompt_tokens_details":\#(details)}}"#
    }

    var requests: [Request] { state.withLock(\.requests) }
    var outstandingMax: Int { state.withLock(\.outstandingMax) }
    var outstandingCount: Int { state.withLock(\.outstanding.count) }

    /// Answers what was held.
    func answerHeld() {
        for channel in state.withLock({ Array($0.outstanding.values) }) {
            answer(.ok, Self.completion(), location: nil, on: channel)
        }
    }

    fileprivate func receive(_ request: Request, on channel: any Channel) {
        let count = state.withLock { state in
            state.outstanding[ObjectIdentifier(channel)] = channel
            state.outstandingMax = max(state.outstandingMax, state.outstanding.count)
            state.requests.append(request)
            return state.requests.count - 1
        }
        arrived.report(request)
        switch reply(count, request) {
        case .answer(let status, let text, let location): answer(status, text, location: location, on: channel)
        case .head: channel.writeAndFlush(Self.head(.ok, count: 1000), promise: nil)
        case .hold: break
        case .hangUp: channel.close(promise: nil)
        }
    }

    fileprivate func closed(_ channel: any Channel) {
        if state.withLock({ $0.outstanding.removeValue(forKey: ObjectIdentifier(channel)) }) != nil {
            abandoned.report(())
        }
    }

    private func answer(_ status: HTTPResponseStatus, _ text: String, location: String?, on channel: any Channel) {
        state.withLock { _ = $0.outstanding.removeValue(forKey: ObjectIdentifier(channel)) }
        channel.write(Self.head(status, count: text.utf8.count, location: location), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    private static func head(_ status: HTTPResponseStatus, count: Int, location: String? = nil)
        -> HTTPServerResponsePart
    {
        var headers: HTTPHeaders = ["Content-Length": "\(count)", "Content-Type": "application/json"]
        if let location { headers.add(name: "Location", value: location) }
        return .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))
    }
}

/// One connection.
private final class EngineHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let engine: LoopbackEngine
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ engine: LoopbackEngine) {
        self.engine = engine
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part): body += part.readableBytesView
        case .end:
            let request = LoopbackEngine.Request(
                path: head?.uri ?? "",
                authorization: head?.headers["Authorization"].first,
                json: (try? JSONValue(parsing: body)) ?? .null
            )
            engine.receive(request, on: context.channel)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        engine.closed(context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// What happened, for one who waits for it.
struct Events<Element: Sendable>: Sendable {
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation
    private let counter = Counter()

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// How many times it has happened.
    var count: Int { counter.value.withLock(\.self) }

    func report(_ element: Element) {
        counter.value.withLock { $0 += 1 }
        continuation.yield(element)
    }

    /// Waits until it happens for the next time; nil when the task is cancelled.
    func next() async -> Element? { await stream.first { _ in true } }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }
}
