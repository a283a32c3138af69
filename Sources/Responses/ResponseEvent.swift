public import JSON

/// One event of a response's stream (OpenAI, "Streaming events").
public struct ResponseEvent: Sendable, Equatable {
    /// What happened, such as `response.output_text.delta`; the name of the event on the wire.
    public let type: String
    /// The whole event, `type` and `sequence_number` included.
    public let json: JSONObject

    /// An event with these members after its type.
    init(_ type: String, number: Int, _ members: JSONObject) {
        self.type = type
        json = (["type": .string(type), "sequence_number": .integer(number)] as JSONObject).merging(members)
    }
}
