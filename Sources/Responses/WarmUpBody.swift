internal import JSON

/// The body of warm-up requests, each of which begins like the one before: only what is new is written.
struct WarmUpBody {
    private var beginning: [UInt8]
    private var isEmpty = true

    init(model: String, cacheSalt: String?, priority: Int?) {
        var members: JSONObject = ["model": .string(model), "max_tokens": 1]
        if let cacheSalt { members["cache_salt"] = .string(cacheSalt) }
        if let priority { members["priority"] = .integer(priority) }
        beginning = JSONValue.object(members).encoded().dropLast() + Array(#","prompt":["#.utf8)
    }

    /// Appends to the prompt.
    mutating func append(_ ids: [UInt32]) {
        for id in ids {
            if !isEmpty { beginning.append(UInt8(ascii: ",")) }
            isEmpty = false
            beginning += id.description.utf8
        }
    }

    /// All of it.
    var bytes: [UInt8] { beginning + Array("]}".utf8) }
}

/// What an engine says to a warm-up request.
enum WarmUpAnswer {
    /// How many ids of the prompt it found in its cache; nil where the answer does not say.
    ///
    /// - Throws: `unreadable` for what is not an object.
    static func cachedCount(in bytes: [UInt8]) throws(WarmUpFailure) -> Int? {
        guard let answer = try? JSONValue(parsing: bytes), answer.object != nil else { throw .unreadable }
        return answer["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.integer
    }
}
