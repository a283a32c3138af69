internal import JSON

/// One JSON-RPC message from a client, decoded.
public struct IncomingMessage: Sendable {
    /// What the client expects.
    public enum Kind: Sendable, Equatable {
        /// An answer with the same id.
        case request(RequestID)
        /// Nothing.
        case notification
        /// Nothing: it answers a request, of which we send none.
        case response
    }

    /// What the client expects.
    public let kind: Kind
    /// What is to be done; empty in a response.
    public let method: String
    /// What to do it with; nil when that is neither absent nor an object.
    let parameters: JSONObject?

    /// Decodes one message.
    ///
    /// Throws `parseError` for what is not JSON and `invalidRequest` for what is not one message; then there is nobody
    /// to answer but whoever sent the bytes. Parameters are judged only when the message is answered, under its id.
    public init(parsing bytes: [UInt8]) throws(ProtocolError) {
        try self.init(try JSONValue(message: bytes))
    }

    /// Takes what was decoded for a message.
    init(_ value: JSONValue) throws(ProtocolError) {
        guard let members = value.object else {
            throw ProtocolError(.invalidRequest, "A message has to be one JSON object.")
        }
        try self.init(members)
    }

    private init(_ members: JSONObject) throws(ProtocolError) {
        if let method = members["method"]?.string {
            self.method = method
            kind = try Self.kind(of: members["id"])
        } else if members["result"] != nil || members["error"] != nil {
            method = ""
            kind = .response
        } else {
            throw ProtocolError(.invalidRequest, "The message has neither a method nor a result.")
        }
        switch members["params"] {
        case nil, .null: parameters = [:]
        case .object(let parameters): self.parameters = parameters
        case .bool, .integer, .unsigned, .number, .string, .array: parameters = nil
        }
    }

    private static func kind(of id: JSONValue?) throws(ProtocolError) -> Kind {
        guard let id else { return .notification }
        guard let id = RequestID(id) else {
            throw ProtocolError(
                .invalidRequest,
                "The id of a request has to be a number, or a string of at most \(RequestID.bytesMax) bytes."
            )
        }
        return .request(id)
    }

    /// Under which name an answer goes out; nil when none is expected.
    public var id: RequestID? {
        if case .request(let id) = kind { id } else { nil }
    }

    /// What the method is applied to, such as the name of a tool, exactly as it came.
    public var name: String? { parameters?["name"]?.string }

    /// The protocol version the message claims for itself; only stateless clients do.
    public var version: String? { meta?[MetaKey.protocolVersion]?.string }

    /// What came beside the parameters proper.
    var meta: JSONValue? { parameters?["_meta"] }
}

extension JSONValue {
    /// Decodes what a client sent; throws `parseError` for what is not JSON.
    init(message bytes: [UInt8]) throws(ProtocolError) {
        do {
            self = try JSONValue(parsing: bytes)
        } catch {
            throw ProtocolError(.parseError, "This is not JSON: \(error).")
        }
    }
}
