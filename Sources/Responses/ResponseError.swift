public import JSON

/// Why a request for a response cannot be carried out, as OpenAI's API says it.
public struct ResponseError: Error, Sendable, Equatable {
    /// What kind of error it is; the raw value is the `type` on the wire.
    public enum Kind: String, Sendable {
        /// The request is wrong: HTTP 400.
        case invalidRequest = "invalid_request_error"
        /// What it names is not there: HTTP 404.
        case notFound = "not_found_error"
        /// The engine or a tool failed: HTTP 502.
        case server = "server_error"
        /// There is no room now: HTTP 503.
        case overloaded = "overloaded_error"
    }

    /// What kind of error it is.
    public let kind: Kind
    /// For programs, such as `unsupported_parameter`.
    public let code: String
    /// The parameter that is wrong, such as `input[2].content`; nil where no parameter is.
    public let parameter: String?
    /// The sentence for people.
    public let message: String

    /// An error.
    public init(_ kind: Kind, code: String, parameter: String? = nil, _ message: String) {
        self.kind = kind
        self.code = code
        self.parameter = parameter
        self.message = message
    }

    /// The body of an answer that says so.
    public var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(kind.rawValue),
                "param": parameter.map { .string($0) } ?? .null, "code": .string(code),
            ]
        ]
    }

    static func invalid(_ parameter: String, _ message: String) -> ResponseError {
        ResponseError(.invalidRequest, code: "invalid_value", parameter: parameter, message)
    }

    static func unsupported(_ parameter: String, _ message: String) -> ResponseError {
        ResponseError(.invalidRequest, code: "unsupported_value", parameter: parameter, message)
    }

    static func missingParameter(_ name: String) -> ResponseError {
        ResponseError(
            .invalidRequest,
            code: "missing_required_parameter",
            parameter: name,
            "`\(name)` is missing."
        )
    }

    static func missing(_ id: String) -> ResponseError {
        ResponseError(
            .notFound,
            code: "previous_response_not_found",
            parameter: "previous_response_id",
            "There is no response \(id.prefix(100)) here: it was not stored, was deleted, or made room for others."
        )
    }
}
