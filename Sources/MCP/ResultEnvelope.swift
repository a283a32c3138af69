internal import JSON

/// What every result carries beside its own members.
struct ResultEnvelope: Sendable {
    /// Who we are; only stateless clients, which never shook hands, are told with every result.
    let serverInfo: JSONValue?

    func completing(_ result: JSONObject) -> JSONValue {
        guard let serverInfo else { return .object(result) }
        var result = result
        var meta = result["_meta"]?.object ?? [:]
        meta[MetaKey.serverInfo] = serverInfo
        result["_meta"] = .object(meta)
        result["resultType"] = "complete"
        return .object(result)
    }
}
