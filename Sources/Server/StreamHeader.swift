internal import HTTPTypes
internal import JSON

/// What `x-harmonium-stream` asks for: the same as `dev.harmonium/stream` in a call's `_meta`, which users of a serving
/// layer cannot set.
enum StreamHeader {
    /// The details that calls of this client ask for; nil without the header, or where it says nothing known.
    static func details(in headers: HTTPFields) -> JSONValue? {
        switch headers[values: .outputStream].last {
        case "output": [:]
        case "token-ids": ["tokenIds": true]
        case "token-ids-base64": ["tokenIds": "base64"]
        default: nil
        }
    }
}
