/// Why bytes are not JSON that we take.
public struct JSONError: Error, Sendable, Equatable {
    /// What was wrong, for whoever sent it.
    public let reason: String
    /// Where, in bytes from the start.
    public let offset: Int
}

extension JSONError: CustomStringConvertible {
    /// What was wrong, and where.
    public var description: String { "\(reason) at byte \(offset)" }
}
