internal import JSON
internal import Tokenizer

/// How an engine wants to be asked for ids, and answers with them: what its list of models says that it is.
enum EngineDialect: String, Sendable {
    /// `/v1/completions` with `return_token_ids`, as vLLM has it; also of engines that do not say what they are.
    case completions = "vllm"
    /// llama.cpp's own `/completion` with `return_tokens`.
    case llamaCpp = "llamacpp"
    /// SGLang's own `/generate` with `input_ids`.
    case sglang

    /// Reads `owned_by` of the first model in the list.
    init(models: JSONValue) {
        let owner = models["data"]?.array?.first?["owned_by"]?.string ?? ""
        self = EngineDialect(rawValue: owner) ?? .completions
    }

    /// Where an engine samples whose API is at `address`, which ends in `/v1`.
    func place(_ address: String) -> String {
        switch self {
        case .completions: "\(address)/completions"
        case .llamaCpp: "\(Self.root(address))/completion"
        case .sglang: "\(Self.root(address))/generate"
        }
    }

    /// Where the engine's own API is.
    static func root(_ address: String) -> String { address.hasSuffix("/v1") ? String(address.dropLast(3)) : address }

    /// The body of a request.
    func body(of request: SamplingRequest, model: String) -> [UInt8] {
        let members: JSONObject =
            switch self {
            case .completions: Self.completions(request, model)
            case .llamaCpp: Self.llamaCpp(request, model)
            case .sglang: Self.sglang(request)
            }
        return JSONValue.object(members).encoded()
    }

    /// What reads the answer.
    func answer(_ encoding: Encoding?) -> any EngineAnswer {
        switch self {
        case .completions: CompletionAnswer()
        case .llamaCpp: LlamaAnswer(encoding)
        case .sglang: SGLangAnswer()
        }
    }

    private static func completions(_ request: SamplingRequest, _ model: String) -> JSONObject {
        var members: JSONObject = [
            "model": .string(model), "stream": true, "stream_options": ["include_usage": true],
            "max_tokens": .integer(request.tokensMax), "return_token_ids": true, "skip_special_tokens": false,
            "stop_token_ids": .ids(stopIDs), "prompt": .ids(request.prompt),
        ]
        if let temperature = request.temperature { members["temperature"] = .number(temperature) }
        if let topP = request.topP { members["top_p"] = .number(topP) }
        members["response_format"] = request.guide
        return members
    }

    /// It stops at the stop ids by itself. Its own defaults are not those that gpt-oss models are made for.
    private static func llamaCpp(_ request: SamplingRequest, _ model: String) -> JSONObject {
        var members: JSONObject = [
            "model": .string(model), "stream": true, "return_tokens": true, "cache_prompt": true,
            "n_predict": .integer(request.tokensMax), "temperature": .number(request.temperature ?? 1),
            "top_p": .number(request.topP ?? 1), "top_k": 0, "min_p": 0, "repeat_penalty": 1,
            "prompt": .ids(request.prompt),
        ]
        members["json_schema"] = request.schema
        return members
    }

    private static func sglang(_ request: SamplingRequest) -> JSONObject {
        var parameters: JSONObject = [
            "max_new_tokens": .integer(request.tokensMax), "stop_token_ids": .ids(stopIDs),
            "skip_special_tokens": false,
        ]
        if let temperature = request.temperature { parameters["temperature"] = .number(temperature) }
        if let topP = request.topP { parameters["top_p"] = .number(topP) }
        parameters["json_schema"] = request.schema.map { .string($0.description) }
        return ["input_ids": .ids(request.prompt), "stream": true, "sampling_params": .object(parameters)]
    }
}

extension SamplingRequest {
    /// The guide as a schema alone; nil for any text.
    fileprivate var schema: JSONValue? {
        guard let guide else { return nil }
        return guide["json_schema"]?["schema"] ?? ["type": "object"]
    }
}

extension JSONValue {
    fileprivate static func ids(_ ids: [UInt32]) -> JSONValue { .array(ids.map { .integer(Int($0)) }) }
}
