/// What the operator set cannot be meant.
public struct AllowListError: Error, Equatable, Sendable {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// The pattern, and what is wrong with it.
        case malformedPattern(String, String)
    }

    /// What went wrong.
    public let code: Code
}

extension AllowListError: CustomStringConvertible {
    /// One line, for the operator.
    public var description: String {
        switch code {
        case .malformedPattern(let pattern, let problem): "pattern `\(pattern)`: \(problem)"
        }
    }
}
