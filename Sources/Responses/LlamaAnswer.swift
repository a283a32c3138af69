internal import JSON
internal import Tokenizer

/// The stream of llama.cpp's `/completion`.
///
/// An event has the text that is new, and one id. It waits until characters are whole: of several ids that make one character
/// the last alone comes, with the text of all. So where the ids say less than the text, ids are made of the text.
struct LlamaAnswer: EngineAnswer {
    private(set) var reason: SamplingEnd.Reason?
    private(set) var cachedCount: Int?
    private let encoding: Encoding?

    init(_ encoding: Encoding?) { self.encoding = encoding }

    mutating func read(_ event: JSONValue) throws(EngineError) -> [UInt32] {
        cachedCount = event["timings"]?["cache_n"]?.integer ?? cachedCount
        if event["stop"]?.bool == true { reason = event["stop_type"] == "limit" ? .length : .stop }
        let text = event["content"]?.string ?? ""
        guard let ids = Self.ids(event["tokens"]), !ids.isEmpty || text.isEmpty else {
            throw EngineError(
                .broken,
                "The engine sends no `tokens`. It has to be a llama.cpp whose /completion knows `return_tokens`."
            )
        }
        return whole(ids, of: text)
    }

    private func whole(_ ids: [UInt32], of text: String) -> [UInt32] {
        guard let encoding else { return ids }
        // A server that shows control tokens has their names in the text.
        let isShown = ids.flatMap { encoding.bytes(of: $0) ?? [] } == Array(text.utf8)
        let said = ids.filter { $0 < SpecialToken.startOfText.id }.flatMap { encoding.bytes(of: $0) ?? [] }
        return isShown || said == Array(text.utf8) ? ids : encoding.encode(text)
    }
}
