public import AsyncHTTPClient
public import JSON
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
public import Tokenizer

/// An engine on a socket that takes ids and streams ids: vLLM, SGLang, or llama.cpp's server. Its list of models says which it
/// is, and so where it is asked and how.
public struct CompletionsEngine: Engine {
    /// How long a line of the engine's stream may be, in bytes: SGLang repeats all ids and the text in each.
    private static let lineBytesMax = 4 << 20
    /// How much of a refusal is read, in bytes.
    private static let refusalBytesMax = 1 << 16

    /// How much of the list of models is read, in bytes.
    private static let modelsBytesMax = 1 << 20

    private let endpoint: EngineEndpoint
    private let client: HTTPClient
    private let encoding: Encoding?
    private let known = KnownEngine()

    /// The model that is asked for.
    public var model: String { endpoint.model }
    /// All of them follow a schema.
    public var isGuidable: Bool { true }

    /// What a client for an engine should do: as that for warm-up, and keep a connection for each of 1024 turns at a time.
    ///
    /// A turn has a connection for as long as the model samples; with fewer, one would wait for another.
    public static var clientConfiguration: HTTPClient.Configuration {
        var configuration = PrefixWarmUp.clientConfiguration
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        return configuration
    }

    /// An engine; the client, which should have ``clientConfiguration``, stays the caller's to shut down.
    ///
    /// - Parameter encoding: What makes ids of text where llama.cpp leaves ids out, which it does of characters that take
    ///   several; without it they are missing.
    public init(_ endpoint: EngineEndpoint, client: HTTPClient, encoding: Encoding? = nil) {
        self.endpoint = endpoint
        self.client = client
        self.encoding = encoding
    }

    /// What vLLM and SGLang say as `max_model_len` of the model, and llama.cpp as `n_ctx`; asked for until it is known.
    public var contextTokensMax: Int? {
        get async {
            if let known = known.state.withLock(\.contextTokensMax) { return known }
            guard let list = try? await models() else { return nil }
            let model = list["data"]?.array?.first { $0["id"]?.string == endpoint.model }
            let listed = model?["max_model_len"]?.integer
            let isLlama = EngineDialect(models: list) == .llamaCpp
            guard let tokensMax = isLlama ? await slotTokensMax() : listed else { return nil }
            known.state.withLock { $0.contextTokensMax = tokensMax }
            return tokensMax
        }
    }

    /// How much room a conversation has in llama.cpp, which parts its context among those that run at a time.
    private func slotTokensMax() async -> Int? {
        let properties = try? await get("\(EngineDialect.root(endpoint.address))/props") ?? .null
        return properties?["default_generation_settings"]?["n_ctx"]?.integer
    }

    /// The models that the engine has, as it lists them.
    ///
    /// - Throws: ``EngineError`` where it does not answer.
    public func models() async throws -> JSONValue {
        let list = try await get("\(endpoint.address)/models")
        known.state.withLock { $0.dialect = EngineDialect(models: list ?? .null) }
        guard let list else { throw silence }
        return list
    }

    private var silence: EngineError {
        EngineError(.unreachable, "The engine at \(endpoint.address) does not list its models.")
    }

    /// Nil for what the engine does not have.
    private func get(_ url: String) async throws(EngineError) -> JSONValue? {
        var request = HTTPClientRequest(url: url)
        if let key = endpoint.apiKey { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        guard let response = try? await client.execute(request, timeout: .seconds(10)) else { throw silence }
        guard response.status != .notFound else { return nil }
        guard response.status == .ok, let body = try? await response.body.collect(upTo: Self.modelsBytesMax),
            let json = try? JSONValue(parsing: Array(body.readableBytesView))
        else { throw silence }
        return json
    }

    /// How the engine is asked; asked for until it is known.
    private var dialect: EngineDialect {
        get async {
            if let known = known.state.withLock(\.dialect) { return known }
            _ = try? await models()
            return known.state.withLock(\.dialect) ?? .completions
        }
    }

    /// Samples, one request for each turn.
    ///
    /// - Throws: ``EngineError``, `CancellationError`, and what `onIDs` throws.
    public func sample(
        _ request: SamplingRequest,
        onIDs: ([UInt32]) async throws -> Void
    ) async throws -> SamplingEnd {
        let dialect = await dialect
        let response = try await answer(to: request, dialect)
        var events = EventData(lineBytesMax: Self.lineBytesMax)
        var stream = EngineStream(dialect.answer(encoding))
        do {
            for try await buffer in response.body {
                guard let data = events.take(buffer.readableBytesView) else {
                    throw EngineError(.broken, "The engine sent a line of more than \(Self.lineBytesMax) bytes.")
                }
                for event in data {
                    let ids = try stream.read(event)
                    if !ids.isEmpty { try await onIDs(ids) }
                }
                if stream.isOver { break }
            }
        } catch let error as HTTPClientError where error != .cancelled {
            throw EngineError(.broken, "The engine's answer broke off (\(error.shortDescription)). Try again.")
        }
        return try stream.end()
    }

    private func answer(
        to sampling: SamplingRequest,
        _ dialect: EngineDialect
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: dialect.place(endpoint.address))
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "Accept": "text/event-stream"]
        if let key = endpoint.apiKey { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(bytes: dialect.body(of: sampling, model: model)))
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: .distantFuture)
        } catch {
            try Task.checkCancellation()
            throw EngineError(
                .unreachable,
                "The engine at \(endpoint.address) cannot be reached. Start it, or name another with --engine."
            )
        }
        guard response.status == .ok else { throw try await refusal(response) }
        return response
    }

    private func refusal(_ response: HTTPClientResponse) async throws -> EngineError {
        let bytes = (try? await response.body.collect(upTo: Self.refusalBytesMax)).map { Array($0.readableBytesView) }
        let json = bytes.flatMap { try? JSONValue(parsing: $0) }
        let sentence = json?["error"]?["message"]?.string ?? json?["message"]?.string ?? ""
        return EngineError(.refused, "The engine answered \(response.status.code): \(sentence.prefix(500))")
    }
}

/// What the engine has said about itself.
private final class KnownEngine: Sendable {
    struct State {
        var dialect: EngineDialect?
        /// How long a prompt may be, in tokens.
        var contextTokensMax: Int?
    }

    let state = Mutex(State())
}

/// An engine's stream of events.
private struct EngineStream {
    private var answer: any EngineAnswer
    /// Whether nothing follows.
    private(set) var isOver = false

    init(_ answer: any EngineAnswer) { self.answer = answer }

    /// Reads one event, and gives the ids in it.
    mutating func read(_ event: [UInt8]) throws(EngineError) -> [UInt32] {
        let text = event.drop { $0 == UInt8(ascii: " ") }
        if text.starts(with: "[DONE]".utf8) {
            isOver = true
            return []
        }
        guard let json = try? JSONValue(parsing: Array(text)) else {
            throw EngineError(.broken, "The engine sent an event that is no JSON.")
        }
        if let message = json["error"]?["message"]?.string ?? json["error"]?.string {
            throw EngineError(.refused, "The engine failed: \(message.prefix(500))")
        }
        return try answer.read(json)
    }

    func end() throws(EngineError) -> SamplingEnd {
        guard let reason = answer.reason else {
            throw EngineError(.broken, "The engine's answer ended before the model did.")
        }
        return SamplingEnd(reason, cachedCount: answer.cachedCount)
    }
}
