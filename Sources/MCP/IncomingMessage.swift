public import JSON

/// One JSON-RPC message from a client, decoded.
public struct IncomingMessage: Sendable {
    /// What the client expects.
    public enum Kind: Sendable, Equatable {
        /// An answer with the same id.
        case request(RequestID)
        /// Nothing.
        case notification
        /// Nothing: it answers a request, and we send no requests.
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
    /// Parameters are checked only when the message is answered, under its id.
    /// - Throws: `parseError` for what is not JSON and `invalidRequest` for what is not one message; the answer then has no
    ///   id.
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

    /// The id of the answer; nil when the client expects no answer.
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

/// What a client posted: one message, or a batch of them, as revision 2025-03-26 has it.
public enum IncomingBody: Sendable {
    /// How many messages a batch may have.
    public static let batchMax = 256

    /// One message.
    case message(IncomingMessage)
    /// Several, each of them or what is wrong with it.
    case batch([Element])

    /// A part of a batch.
    public enum Element: Sendable {
        /// A message.
        case message(IncomingMessage)
        /// What is no message, as it is answered.
        case failure(OutgoingMessage)
    }

    /// Decodes a body.
    ///
    /// - Throws: `parseError` for what is not JSON, and `invalidRequest` for what is neither a message nor a batch of
    ///   at least one and at most 256.
    public init(parsing bytes: [UInt8]) throws(ProtocolError) {
        switch try JSONValue(message: bytes) {
        case .array(let elements):
            guard (1...Self.batchMax).contains(elements.count) else {
                throw ProtocolError(.invalidRequest, "A batch has to have 1 to \(Self.batchMax) messages.")
            }
            self = .batch(elements.map(Element.init))
        case let value:
            self = .message(try IncomingMessage(value))
        }
    }
}

extension IncomingBody.Element {
    fileprivate init(_ value: JSONValue) {
        do throws(ProtocolError) {
            self = .message(try IncomingMessage(value))
        } catch {
            self = .failure(.failure(error, to: RequestID(value["id"])))
        }
    }
}

/// What a client names a request by, echoed as it came: `1` and `"1"` are two.
public struct RequestID: Sendable, Hashable {
    /// How long a text may be, in bytes: an answer has to have room for it.
    static let bytesMax = 64 * 1024

    /// The name, a string or a number.
    public let value: JSONValue

    /// Takes a string of up to 64 KiB or a number; nil for anything else.
    public init?(_ value: JSONValue?) {
        switch value {
        case .string(let text) where text.utf8.count <= Self.bytesMax: self.value = .string(text)
        case .integer(let number): self.value = .integer(number)
        case .unsigned(let number): self.value = .unsigned(number)
        case .number(let number): self.value = .number(number)
        case .string, .array, .object, .bool, .null, nil: return nil
        }
    }
}
