internal import JSON

/// One JSON-RPC message to a client, encoded: a line without line breaks.
public struct OutgoingMessage: Sendable {
    /// How large one message is at most, in bytes, so that with its framing an event stays under 1 MiB.
    public static let bytesMax = 1_048_576 - 4096

    /// The JSON.
    public let bytes: [UInt8]
    /// The mistake it reports, for a transport that has its own way to say so.
    public let errorCode: ProtocolError.Code?
    /// Whether it answers a request, as notifications do not.
    public let isAnswer: Bool

    private static let version: JSONObject = ["jsonrpc": "2.0"]

    private init(_ message: JSONObject, isAnswer: Bool = true, errorCode: ProtocolError.Code? = nil) {
        self.isAnswer = isAnswer
        bytes = JSONValue.object(Self.version.merging(message)).encoded()
        self.errorCode = errorCode
    }

    /// Reports `error`, as the answer to the request `id`; nil where the id is not known.
    public static func failure(_ error: ProtocolError, to id: RequestID?) -> OutgoingMessage {
        var report: JSONObject = ["code": .integer(error.code.rawValue), "message": .string(error.message)]
        report["data"] = error.data
        return OutgoingMessage(["id": id?.value ?? .null, "error": .object(report)], errorCode: error.code)
    }

    /// The result of the request `id`.
    /// - Parameter serverInfo: Who we are, for a stateless client: it never shook hands, and reads it in every result.
    static func result(_ result: JSONObject, to id: RequestID, serverInfo: JSONValue?) -> OutgoingMessage {
        var result = result
        if let serverInfo {
            var meta = result["_meta"]?.object ?? [:]
            meta[MetaKey.serverInfo] = serverInfo
            result["_meta"] = .object(meta)
            result["resultType"] = "complete"
        }
        return OutgoingMessage(["id": id.value, "result": .object(result)])
    }

    static func notification(_ method: String, _ parameters: JSONObject) -> OutgoingMessage {
        OutgoingMessage(["method": .string(method), "params": .object(parameters)], isAnswer: false)
    }
}
