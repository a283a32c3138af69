/// Why bytes are not JSON, or more of it than the limits allow.
public struct JSONError: Error, Sendable, Hashable {
    /// What is wrong, as part of a sentence.
    public let reason: String
    /// Where, in bytes from the start.
    public let offset: Int

    /// An error at `offset`, in bytes from the start.
    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// What is wrong, and where.
    public var description: String { "\(reason) at byte \(offset)" }
}
