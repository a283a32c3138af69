public import AsyncHTTPClient
public import JSON
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// An engine that has `POST /v1/completions` with ids in and out, as vLLM and SGLang do.
public struct CompletionsEngine: Engine {
    /// How long a line of the engine's stream may be, in bytes; ids come a few at a time.
    private static let lineBytesMax = 1 << 20
    /// How much of a refusal is read, in bytes.
    private static let refusalBytesMax = 1 << 16

    /// How much of the list of models is read, in bytes.
    private static let modelsBytesMax = 1 << 20

    private let endpoint: EngineEndpoint
    private let client: HTTPClient
    private let context = ContextLength()

    /// The model that is asked for.
    public var model: String { endpoint.model }
    /// vLLM and SGLang know `response_format`.
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
    public init(_ endpoint: EngineEndpoint, client: HTTPClient) {
        self.endpoint = endpoint
        self.client = client
    }

    /// What vLLM says as `max_model_len` of the model; asked for until it is known.
    public var contextTokensMax: Int? {
        get async {
            if let known = context.tokensMax.withLock(\.self) { return known }
            let list = try? await models()
            let model = list?["data"]?.array?.first { $0["id"]?.string == endpoint.model }
            guard let tokensMax = model?["max_model_len"]?.integer else { return nil }
            context.tokensMax.withLock { $0 = tokensMax }
            return tokensMax
        }
    }

    /// The models that the engine has, as it lists them.
    ///
    /// - Throws: ``EngineError`` where it does not answer.
    public func models() async throws -> JSONValue {
        var request = HTTPClientRequest(url: "\(endpoint.address)/models")
        if let key = endpoint.apiKey { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        guard let response = try? await client.execute(request, timeout: .seconds(10)), response.status == .ok,
            let body = try? await response.body.collect(upTo: Self.modelsBytesMax),
            let json = try? JSONValue(parsing: Array(body.readableBytesView))
        else { throw EngineError(.unreachable, "The engine at \(endpoint.address) does not list its models.") }
        return json
    }

    /// Samples, one request for each turn.
    ///
    /// - Throws: ``EngineError``, `CancellationError`, and what `onIDs` throws.
    public func sample(
        _ request: SamplingRequest,
        onIDs: ([UInt32]) async throws -> Void
    ) async throws -> SamplingEnd {
        let response = try await answer(to: request)
        var events = EventData(lineBytesMax: Self.lineBytesMax)
        var completion = Completion()
        do {
            for try await buffer in response.body {
                guard let data = events.take(buffer.readableBytesView) else {
                    throw EngineError(.broken, "The engine sent a line of more than \(Self.lineBytesMax) bytes.")
                }
                for event in data {
                    let ids = try completion.read(event)
                    if !ids.isEmpty { try await onIDs(ids) }
                }
                if completion.isOver { break }
            }
        } catch let error as HTTPClientError where error != .cancelled {
            throw EngineError(.broken, "The engine's answer broke off (\(error.shortDescription)). Try again.")
        }
        return try completion.end()
    }

    private func answer(to sampling: SamplingRequest) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "\(endpoint.address)/completions")
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "Accept": "text/event-stream"]
        if let key = endpoint.apiKey { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(bytes: body(for: sampling)))
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

    private func body(for request: SamplingRequest) -> [UInt8] {
        var members: JSONObject = [
            "model": .string(model), "stream": true, "stream_options": ["include_usage": true],
            "max_tokens": .integer(request.tokensMax), "return_token_ids": true, "skip_special_tokens": false,
            "stop_token_ids": .array(stopIDs.map { .integer(Int($0)) }),
        ]
        if let temperature = request.temperature { members["temperature"] = .number(temperature) }
        if let topP = request.topP { members["top_p"] = .number(topP) }
        members["response_format"] = request.guide
        members["prompt"] = .array(request.prompt.map { .integer(Int($0)) })
        return JSONValue.object(members).encoded()
    }

    private func refusal(_ response: HTTPClientResponse) async throws -> EngineError {
        let bytes = (try? await response.body.collect(upTo: Self.refusalBytesMax)).map { Array($0.readableBytesView) }
        let json = bytes.flatMap { try? JSONValue(parsing: $0) }
        let sentence = json?["error"]?["message"]?.string ?? json?["message"]?.string ?? ""
        return EngineError(.refused, "The engine answered \(response.status.code): \(sentence.prefix(500))")
    }
}

/// How long a prompt may be, once the engine has said it.
private final class ContextLength: Sendable {
    let tokensMax = Mutex<Int?>(nil)
}

/// What an engine's stream has said so far.
private struct Completion {
    private var reason: SamplingEnd.Reason?
    private var cachedCount: Int?
    /// Whether the stream's last line was read.
    private(set) var isOver = false

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
        if let cached = json["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.integer { cachedCount = cached }
        guard let choice = json["choices"]?.array?.first else { return [] }
        return try readChoice(choice)
    }

    private mutating func readChoice(_ choice: JSONValue) throws(EngineError) -> [UInt32] {
        let isEnd = choice["finish_reason"]?.string != nil
        guard var ids = choice["token_ids"]?.array?.compactMap({ $0.integer.flatMap(UInt32.init(exactly:)) }) else {
            guard isEnd else {
                throw EngineError(
                    .broken,
                    "The engine sends no token ids. It has to know `return_token_ids`, as vLLM does from 0.10.2 on."
                )
            }
            return ended(by: choice, with: [])
        }
        if isEnd { ids = ended(by: choice, with: ids) }
        return ids
    }

    /// Engines differ in whether the id that stopped the model is among the ids; it has to be there.
    private mutating func ended(by choice: JSONValue, with ids: [UInt32]) -> [UInt32] {
        reason = choice["finish_reason"]?.string == "length" ? .length : .stop
        guard let stop = choice["stop_reason"]?.integer.flatMap(UInt32.init(exactly:)), stopIDs.contains(stop),
            ids.last != stop
        else { return ids }
        return ids + [stop]
    }

    func end() throws(EngineError) -> SamplingEnd {
        guard let reason else { throw EngineError(.broken, "The engine's answer ended before the model did.") }
        return SamplingEnd(reason, cachedCount: cachedCount)
    }
}
