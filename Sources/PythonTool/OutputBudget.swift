public import Tokenizer

/// How much of a call's output a model is shown.
public struct OutputBudget: Sendable {
    /// In tokens of o200k_harmony; where there is no vocabulary, in four bytes each.
    public let tokensMax: Int
    let encoding: Encoding?

    /// Shows at most `tokensMax` tokens and at most eight bytes for each, counted by `encoding`, if there is one.
    public init(tokensMax: Int, encoding: Encoding?) {
        precondition(tokensMax > 0, "an output of \(tokensMax) tokens")
        self.tokensMax = tokensMax
        self.encoding = encoding
    }

    /// How many bytes may be shown for each token: what a token is taken for where none can be counted, or else a bound
    /// for the text that is kept, since tokens may be long, of spaces above all.
    var bytesPerToken: Int { encoding == nil ? 4 : 8 }
}
