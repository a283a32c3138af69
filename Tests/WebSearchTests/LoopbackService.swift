import AsyncHTTPClient
import Concurrency
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import WebSearch

/// What a service was asked.
struct Asked: Sendable {
    let method: String
    let uri: String
    let headers: HTTPHeaders
    let body: String
}

/// What a service answers.
struct Answer: Sendable {
    var status = HTTPResponseStatus.ok
    var headers: HTTPHeaders = [:]
    var body = "{}"
}

/// What a service was asked while it ran.
final class Questions: Sendable {
    private let list = Mutex<[Asked]>([])

    var all: [Asked] { list.withLock(\.self) }

    /// Adds a question, and says how many there were before.
    func add(_ question: Asked) -> Int {
        list.withLock { list in
            list.append(question)
            return list.count - 1
        }
    }
}

/// Runs `service` on this machine, whose every answer is `text`, while `body` runs, which gets a search of it and what it
/// is asked. The search has as long as a busy machine takes.
func withSearch(
    _ service: SearchService,
    key: String? = nil,
    answering text: String,
    _ body: (HTTPSearch, Questions) async throws -> Void
) async throws {
    try await withService { _, _ in
        Answer(body: text)
    } _: { url, questions, client in
        try await body(
            HTTPSearch(service, baseURL: url, key: key, client: client, deadline: .seconds(600)),
            questions
        )
    }
}

/// Runs a service on this machine while `body` runs, which gets its URL, what it is asked, and a client.
///
/// `answer` gets the question and its number; nil is no answer at all.
func withService<Value>(
    _ answer: @escaping @Sendable (Asked, Int) -> Answer?,
    _ body: (String, Questions, HTTPClient) async throws -> Value
) async throws -> Value {
    let questions = Questions()
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                try channel.pipeline.syncOperations.addHandler(ServiceHandler(questions, answer))
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    let client = HTTPClient(configuration: HTTPSearch.clientConfiguration)
    let result: Result<Value, any Error>
    do {
        let url = "http://127.0.0.1:\(server.localAddress?.port ?? 0)"
        result = .success(try await body(url, questions, client))
    } catch {
        result = .failure(error)
    }
    try await client.shutdown()
    try await server.close()
    return try result.get()
}

private final class ServiceHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let questions: Questions
    private let answer: @Sendable (Asked, Int) -> Answer?
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ questions: Questions, _ answer: @escaping @Sendable (Asked, Int) -> Answer?) {
        self.questions = questions
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            let asked = Asked(
                method: head.method.rawValue,
                uri: head.uri,
                headers: head.headers,
                body: String(buffer: body)
            )
            guard let answer = answer(asked, questions.add(asked)) else { return }
            var headers = answer.headers
            headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
            let response = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

/// Pauses of which some are over at once, and the others never.
final class StubPauses: Sendable {
    private let passing: Set<Duration>
    private let waited = Mutex<[Duration]>([])

    init(passing: Set<Duration> = []) { self.passing = passing }

    /// What was waited for that was over.
    var passed: [Duration] { waited.withLock(\.self) }

    var sleep: Sleep {
        { duration in
            if self.passing.contains(duration) { return self.waited.withLock { $0.append(duration) } }
            let (never, _) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            throw CancellationError()
        }
    }
}
