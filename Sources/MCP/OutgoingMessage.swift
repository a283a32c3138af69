internal import JSON

/// One JSON-RPC message to a client, encoded: a line without line breaks.
public struct OutgoingMessage: Sendable {
    /// How large one message is at most, so that with its framing an event stays under 1 MiB.
    public static let bytesMax = 1_048_576 - 4096

    /// The JSON.
    public let bytes: [UInt8]
    /// The mistake it reports, for a transport that has its own way to say so.
    public let errorCode: ProtocolError.Code?

    /// Whether it answers a request, as notifications do not.
    public let isAnswer: Bool

    init(_ value: JSONValue, errorCode: ProtocolError.Code? = nil) {
        isAnswer = value["method"] == nil
        bytes = value.encoded()
        self.errorCode = errorCode
    }

    /// Reports `error`, to the request `id` or to nobody in particular.
    public static func failure(_ error: ProtocolError, to id: RequestID?) -> OutgoingMessage {
        var report: JSONObject = [
            "code": .integer(error.code.rawValue),
            "message": .string(error.message),
        ]
        report["data"] = error.data
        return OutgoingMessage(
            ["jsonrpc": "2.0", "id": id?.value ?? .null, "error": .object(report)],
            errorCode: error.code
        )
    }

    static func result(_ result: JSONValue, to id: RequestID) -> OutgoingMessage {
        OutgoingMessage(["jsonrpc": "2.0", "id": id.value, "result": result])
    }

    static func notification(_ method: String, _ parameters: JSONValue) -> OutgoingMessage {
        OutgoingMessage(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
    }
}
