public import Tokenizer

/// How much of a call's output a model is shown.
public struct OutputBudget: Sendable {
    /// In tokens of o200k_harmony; where there is no vocabulary, in four bytes each.
    public let tokensMax: Int
    let encoding: Encoding?

    /// What a token is taken for where none can be counted.
    static let bytesPerToken = 4
    /// Tokens may be long, of spaces above all; the text that is kept has its own bound.
    static let bytesPerTokenMax = 8

    /// Shows at most `tokensMax` tokens and at most eight bytes for each, counted by `encoding`, if there is one.
    public init(tokensMax: Int, encoding: Encoding?) {
        precondition(tokensMax > 0, "an output of \(tokensMax) tokens")
        self.tokensMax = tokensMax
        self.encoding = encoding
    }

    /// Where the last `count` tokens of `text` begin, as an offset in bytes; 0 if it has no more.
    func beginningOfLast(_ count: Int, of text: String) -> Int {
        let bytesMax = count * (encoding == nil ? OutputBudget.bytesPerToken : OutputBudget.bytesPerTokenMax)
        let start = max(0, text.utf8.count - bytesMax)
        guard let encoding else { return start }
        let rest = Array(text.utf8.dropFirst(start))
        let ids = encoding.encode(rest.span)
        return start + ids.dropLast(count).reduce(0) { $0 + (encoding.bytes(of: $1)?.count ?? 0) }
    }
}

/// Counts what text costs while it comes in.
struct OutputMeter {
    private var encoder: IncrementalEncoder?
    private var tokens = 0
    private var bytes = 0

    init(_ encoding: Encoding?) { encoder = encoding.map { IncrementalEncoder($0) } }

    /// Takes more text; what everything so far has cost, as far as that is certain.
    mutating func add(_ text: Substring) -> Int {
        bytes += text.utf8.count
        let piece = Array(text.utf8)
        if let ids = encoder?.feed(piece.span) { tokens += ids.count }
        return cost
    }

    /// Takes the end of the text; what it has cost.
    mutating func finish() -> Int {
        if let ids = encoder?.finish() { tokens += ids.count }
        return cost
    }

    private var cost: Int {
        let byBytes = bytes / (encoder == nil ? OutputBudget.bytesPerToken : OutputBudget.bytesPerTokenMax)
        return max(tokens, byBytes)
    }
}
