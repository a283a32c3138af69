public import AsyncHTTPClient
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Has an engine compute a prompt while the tool that writes its end still runs: the prefill of what is there overlaps
/// with the tool.
///
/// Whenever enough ids are new, the engine is asked to complete the prompt so far by one token, which is discarded. What
/// it has computed for that stays in its prefix cache, so the request that is meant finds all but the end of its prompt
/// there. It is sent as if there were no warm-up, and neither waits for one nor depends on one.
///
/// ```swift
/// try await warmUp.withFeed(after: prompt.ids, cacheSalt: salt) { feed in
///     for try await ids in tool.output {
///         try prompt.appendToolOutput(ids, at: prompt.toolOutputCount)
///         feed.extend(to: prompt.ids)
///     }
/// }
/// ```
public struct PrefixWarmUp: Sendable {
    /// When a request is sent, and how it may end.
    public struct Settings: Sendable {
        /// How many ids have to be new for a request; 256 by default.
        public var newIDsMin = 256
        /// How many ids a block of the engine's cache has, of which only whole ones are sent; 16 by default, as in vLLM.
        public var blockSize = 16
        /// The longest prompt that is sent, and how many ids are kept; 131,072 by default, the context of gpt-oss.
        public var idsMax = 131_072
        /// How long one request may take; 30 s by default.
        public var timeLimit = Duration.seconds(30)
        /// vLLM's `priority`: the larger, the later. Nil, the default, sends none.
        ///
        /// A number above that of other requests keeps warm-up out of their way. vLLM refuses any but 0 unless it runs
        /// with `--scheduling-policy priority`.
        public var priority: Int?

        /// The defaults.
        public init() {}
    }

    private static let answerBytesMax = 1 << 16

    private let engine: EngineEndpoint
    private let settings: Settings
    private let client: HTTPClient

    /// A warm-up for one engine, to be used for any number of turns, also at a time.
    ///
    /// The client stays the caller's to shut down. It should have ``clientConfiguration``, and carry nothing else: it
    /// opens few connections to one host, and an answer must not wait until one is free of warm-up.
    public init(engine: EngineEndpoint, client: HTTPClient, settings: Settings = Settings()) {
        precondition(settings.blockSize > 0, "blocks of \(settings.blockSize) ids")
        precondition(settings.idsMax >= 0, "a prompt of \(settings.idsMax) ids")
        self.engine = engine
        self.settings = settings
        self.client = client
    }

    /// What a client for warm-up should do: fail at once where no engine listens, and follow no redirect.
    public static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Warms the engine up for as long as `body` runs, which is lent the feed.
    ///
    /// - Parameters:
    ///   - prompt: The ids so far, up to a call. They count as computed, for the engine has just sampled their end.
    ///   - cacheSalt: The salt of the turn's other requests, 1 to 1024 characters; with another one, or none, they would
    ///     find nothing. Nil sends none.
    ///
    /// Once `body` ends, a request under way is cancelled, which closes its connection. The first failure, whatever it is,
    /// ends warm-up for this turn with a line in the log, and is nothing that `body` could notice.
    ///
    /// - Throws: What `body` throws.
    public func withFeed<Value, Failure>(
        after prompt: [UInt32],
        cacheSalt: String? = nil,
        _ body: (PrefixFeed) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let feed = PrefixFeed(after: prompt, settings)
        defer { feed.end() }
        // Cancelled and awaited when this scope is left, either way.
        async let _: Void = warm(feed, cacheSalt)
        return try await body(feed)
    }

    private func warm(_ feed: PrefixFeed, _ cacheSalt: String?) async {
        var body = WarmUpBody(model: engine.model, cacheSalt: cacheSalt, priority: settings.priority)
        var isFirst = true
        do {
            for await _ in feed.ready {
                while let ids = feed.take() {
                    body.append(ids)
                    let cachedCount = try await send(body.bytes)
                    // At the first there may be other reasons: what the engine had sampled long ago may be gone.
                    if !isFirst, let cachedCount, cachedCount < settings.blockSize { throw WarmUpFailure.nothingCached }
                    isFirst = false
                }
            }
        } catch {
            feed.end()
            guard !Task.isCancelled else { return }
            Logger.current.info("Prefix warm-up is off for this turn", metadata: ["warm-up.reason": "\(error)"])
        }
    }

    /// Sends one request, and says how many ids the engine found in its cache; nil where the answer does not say.
    private func send(_ body: [UInt8]) async throws -> Int? {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await exchange(body) }
            // The client's own limit ends with the head of an answer.
            group.addTask {
                try await Task.sleep(for: settings.timeLimit)
                throw WarmUpFailure.timeLimit
            }
            return try await group.next() ?? nil
        }
    }

    private func exchange(_ body: [UInt8]) async throws -> Int? {
        var request = HTTPClientRequest(url: "\(engine.address)/completions")
        request.method = .POST
        request.headers = ["Content-Type": "application/json"]
        if let key = engine.apiKey { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await client.execute(request, deadline: .distantFuture)
        guard response.status == .ok else { throw WarmUpFailure.status(Int(response.status.code)) }
        let answer = try await response.body.collect(upTo: Self.answerBytesMax)
        return try WarmUpAnswer.cachedCount(in: Array(answer.readableBytesView))
    }
}

/// What ends warm-up for a turn.
enum WarmUpFailure: Error, CustomStringConvertible {
    case status(Int)
    case timeLimit
    case unreadable
    case nothingCached

    var description: String {
        switch self {
        case .status(let code): "the engine answered \(code)"
        case .timeLimit: "the engine took too long"
        case .unreadable: "the engine's answer is no completion"
        case .nothingCached: "the engine keeps no prefix"
        }
    }
}
