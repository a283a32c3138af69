internal import JSON

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
    /// Throws `parseError` for what is not JSON, and `invalidRequest` for what is neither a message nor a batch of at least
    /// one and at most 256.
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
