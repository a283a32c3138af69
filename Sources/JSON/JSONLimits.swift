/// What a JSON text may have at most, beside its bytes, which the one who reads them limits.
public struct JSONLimits: Sendable, Hashable {
    /// How deep arrays and objects may be nested: 128, far more than people and programs write. Readers recurse.
    public static let depthMax = 128
    /// How long a number may be, in bytes.
    public static let numberBytesMax = 4096

    /// How many values there may be in all: each takes far more time and memory than its bytes.
    public let valuesMax: Int

    /// Limits with at most `valuesMax` values, those in arrays and objects included.
    public init(valuesMax: Int) {
        precondition(valuesMax > 0, "a text of \(valuesMax) values")
        self.valuesMax = valuesMax
    }

    /// For messages from outside: 100 000 values.
    public static let standard = JSONLimits(valuesMax: 100_000)
}
