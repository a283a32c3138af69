internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Reads the bodies of requests within their bounds, and lets them be parsed.
struct BodyReader: Sendable {
    /// Up to this size a body is parsed where its request is served: a hop would cost more.
    private static let quickBytes = 16 * 1024

    private let bytesMax: Int
    private let budget: BodyBudget

    /// A body may have at most `settings.bodyBytesMax` bytes, and all together `settings.bodiesBytesMax`.
    init(_ settings: ServerSettings) {
        bytesMax = settings.bodyBytesMax
        budget = BodyBudget(bytesMax: settings.bodiesBytesMax)
    }

    /// Reads the body of `request`, which then has none.
    func read(_ request: inout Request, _ context: ServerContext) async throws(Problem) -> Body {
        try check(request.headers)
        if request.headers[.expect]?.lowercased() == "100-continue" { context.wantBody() }
        let share = budget.share()
        var bytes: [UInt8] = []
        do {
            for try await var piece in request.body {
                guard bytes.count + piece.readableBytes <= bytesMax else { throw tooLarge }
                guard share.grow(to: bytes.count + piece.readableBytes) else { throw BodyReader.noRoom }
                bytes += piece.readBytes(length: piece.readableBytes) ?? []
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            // The connection ended in it, or what came is not what HTTP makes of a body.
            throw Problem(.badRequest, "The body of the request is malformed.", headers: [.connection: "close"])
        }
        // Its own copy would stay for as long as the request does.
        request.body = RequestBody(buffer: ByteBuffer())
        return Body(bytes: bytes, share: share, peer: context.peer)
    }

    /// A body that came whole, as a message on a socket does.
    func body(_ bytes: [UInt8], of context: ServerContext) throws(Problem) -> Body {
        let share = budget.share()
        guard share.grow(to: bytes.count) else { throw Self.noRoom }
        return Body(bytes: bytes, share: share, peer: context.peer)
    }

    /// What makes a WebSocket whose messages have the bounds of bodies.
    func webSocket(pingInterval: Duration) -> WebSocketUpgrade {
        WebSocketUpgrade(messageBytesMax: bytesMax, budget: budget, pingInterval: pingInterval)
    }

    private func check(_ headers: HTTPFields) throws(Problem) {
        let encodings = headers[values: .contentEncoding].filter { $0.lowercased() != "identity" }
        guard encodings.isEmpty else {
            throw Problem(
                .unsupportedMediaType,
                "The body is encoded, and has to come as it is, without Content-Encoding.",
                headers: [.acceptEncoding: "identity"]
            )
        }
        if let length = headers[.contentLength].flatMap(Int.init), length > bytesMax { throw tooLarge }
    }

    private var tooLarge: Problem {
        Problem(.contentTooLarge, "The body of a request may have at most \(bytesMax) bytes.")
    }

    private static let noRoom = Problem(
        .serviceUnavailable,
        "Too many large requests are under way. Try again in a moment.",
        headers: [.retryAfter: "1"]
    )

    /// A body that was read.
    struct Body: Sendable {
        let bytes: [UInt8]
        /// To be held for as long as anything is kept of the body.
        let share: BodyBudget.Share
        fileprivate let peer: String

        /// Reads `bytes` with `parse`, where that takes long beside the threads that serve, few at a time.
        func parsed<Value: Sendable>(_ parse: @Sendable ([UInt8]) throws -> Value) async throws -> Value {
            guard bytes.count > BodyReader.quickBytes else { return try parse(bytes) }
            return try await CallThreads.shared.run(for: .peer(peer)) { try parse(bytes) }
        }
    }
}
