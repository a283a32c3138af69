public import JSON

/// A mistake in the protocol, never one that a model can make.
public struct ProtocolError: Error, Sendable, Equatable {
    /// What kind of mistake, by its number on the wire.
    public enum Code: Int, Sendable {
        /// Not JSON.
        case parseError = -32700
        /// Not a message of JSON-RPC.
        case invalidRequest = -32600
        /// Nothing we have.
        case methodNotFound = -32601
        /// Parameters that the method cannot work with.
        case invalidParameters = -32602
        /// Our fault.
        case internalError = -32603
        /// Headers that do not say what the body says.
        case headerMismatch = -32020
        /// A protocol version we do not speak; the data lists those we do.
        case unsupportedVersion = -32022
    }

    /// What kind of mistake.
    public let code: Code
    /// One sentence for the people who wrote the client.
    public let message: String
    /// More for programs.
    public let data: JSONValue?

    /// Describes a mistake.
    public init(_ code: Code, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The refusal of a version, with those we speak without a handshake.
    public static func unsupportedVersion(_ version: String) -> ProtocolError {
        ProtocolError(
            .unsupportedVersion,
            "The protocol version \(version.prefix(64)) is not supported.",
            data: [
                "requested": .string(String(version.prefix(64))),
                "supported": .array(ProtocolVersion.stateless.map { .string($0.rawValue) }),
            ]
        )
    }
}
