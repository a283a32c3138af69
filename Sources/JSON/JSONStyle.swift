/// How JSON is written where the standard leaves a choice.
public struct JSONStyle: Sendable {
    /// Whether U+0085, U+2028 and U+2029 are escaped, which some readers of event streams take for the end of a line.
    public let escapesLineSeparators: Bool
    /// How a finite number with a fraction or an exponent is written.
    public let number: @Sendable (Double) -> String

    /// A style of one's own.
    public init(escapesLineSeparators: Bool, number: @escaping @Sendable (Double) -> String) {
        self.escapesLineSeparators = escapesLineSeparators
        self.number = number
    }

    /// For messages: line separators are escaped, numbers are the shortest that read the same.
    public static let standard = JSONStyle(escapesLineSeparators: true) { $0.description }
}
