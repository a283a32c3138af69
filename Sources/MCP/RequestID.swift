public import JSON

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
