/// A failure of the bootstrap's own Python code; what a cell does wrong is an outcome instead.
public struct PythonError: Error, Sendable, CustomStringConvertible {
    /// What was done, and what Python said: `import harmonium: ModuleNotFoundError: …`.
    public let description: String

    init(_ action: String, _ reason: String) {
        description = "\(action): \(reason)"
    }
}
