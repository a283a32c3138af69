internal import JSON

/// What an engine's stream has said so far.
protocol EngineAnswer: Sendable {
    /// Why no more ids come; nil while more may come.
    var reason: SamplingEnd.Reason? { get }
    /// How many ids of the prompt were in the engine's cache; nil where it does not say.
    var cachedCount: Int? { get }

    /// Reads one event, and gives the ids that are new in it, the one that stopped the model included.
    mutating func read(_ event: JSONValue) throws(EngineError) -> [UInt32]
}

extension EngineAnswer {
    /// The ids in a member of an event; nil where there is no such list.
    static func ids(_ list: JSONValue?) -> [UInt32]? {
        list?.array?.compactMap { $0.integer.flatMap(UInt32.init(exactly:)) }
    }

    /// Engines differ in whether the id that stopped the model is among the ids; it has to be there.
    static func ids(_ ids: [UInt32], stoppedBy stop: JSONValue?) -> [UInt32] {
        guard let stop = stop?.integer.flatMap(UInt32.init(exactly:)), stopIDs.contains(stop), ids.last != stop else {
            return ids
        }
        return ids + [stop]
    }
}

/// The stream of `/v1/completions`, as vLLM has it.
struct CompletionAnswer: EngineAnswer {
    private(set) var reason: SamplingEnd.Reason?
    private(set) var cachedCount: Int?

    mutating func read(_ event: JSONValue) throws(EngineError) -> [UInt32] {
        if let cached = event["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.integer { cachedCount = cached }
        guard let choice = event["choices"]?.array?.first else { return [] }
        let end = choice["finish_reason"]?.string
        if let end { reason = end == "length" ? .length : .stop }
        let ids = Self.ids(choice["token_ids"])
        guard ids != nil || end != nil else {
            throw EngineError(
                .broken,
                "The engine sends no token ids. It has to know `return_token_ids`, as vLLM does from 0.10.2 on."
            )
        }
        return end == nil ? ids ?? [] : Self.ids(ids ?? [], stoppedBy: choice["stop_reason"])
    }
}

/// The stream of SGLang's `/generate`.
///
/// `output_ids` has all ids so far, or with `--stream-output` the new ones alone; the count beside it says which.
struct SGLangAnswer: EngineAnswer {
    private(set) var reason: SamplingEnd.Reason?
    private(set) var cachedCount: Int?
    private var count = 0

    mutating func read(_ event: JSONValue) throws(EngineError) -> [UInt32] {
        let info = event["meta_info"]
        guard let all = Self.ids(event["output_ids"]), let total = info?["completion_tokens"]?.integer else {
            throw EngineError(
                .broken,
                "The engine sends no `output_ids` with their count. It has to be an SGLang whose /generate streams them."
            )
        }
        cachedCount = info?["cached_tokens"]?.integer ?? cachedCount
        let ids: [UInt32]
        if count + all.count == total {
            ids = all
        } else if all.count == total, total >= count {
            ids = Array(all.dropFirst(count))
        } else {
            throw EngineError(.broken, "The engine has sampled \(total) ids, and sent others.")
        }
        count = total
        guard let end = info?["finish_reason"], !end.isNull else { return ids }
        switch end["type"]?.string ?? end.string {
        case "length": reason = .length
        case "abort":
            throw EngineError(.refused, "The engine ended the turn: \((end["message"]?.string ?? "").prefix(500))")
        default: reason = .stop
        }
        return Self.ids(ids, stoppedBy: end["matched"])
    }
}
