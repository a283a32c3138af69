internal import Harmony
internal import Tokenizer

/// Reads what a model samples in one turn, and says what happens to its messages, each step once and in order.
struct TurnReader {
    /// What a token did.
    enum Step: Sendable, Equatable {
        /// A message began.
        case began(Message)
        /// The message that began last goes on with this text; never empty.
        case text(String)
        /// It ended.
        case ended(ParsedMessage)
    }

    private var parser: LenientParser
    /// How many messages have begun.
    private var begunCount = 0
    /// How many have ended.
    private var endedCount = 0

    init(_ encoding: Encoding) { parser = LenientParser(encoding: encoding) }

    /// What was repaired.
    var diagnostics: [Diagnostic] { parser.diagnostics }

    /// Reads a token.
    mutating func read(_ id: UInt32) -> [Step] { steps(after: parser.process(id)) }

    /// Reads the end of the turn.
    mutating func finish() -> [Step] { steps(after: parser.finish()) }

    private mutating func steps(after deltas: [LenientParser.Delta]) -> [Step] {
        guard !deltas.isEmpty || parser.messages.count > endedCount || isBeginning else { return [] }
        var steps: [Step] = []
        for delta in deltas {
            end(upTo: delta.messageIndex, &steps)
            begin(delta.messageIndex, &steps)
            steps.append(.text(delta.text))
        }
        end(upTo: parser.messages.count, &steps)
        if isBeginning { begin(parser.messages.count, &steps) }
        return steps
    }

    private var isBeginning: Bool { begunCount == parser.messages.count && parser.open != nil }

    private mutating func begin(_ index: Int, _ steps: inout [Step]) {
        guard index == begunCount else { return }
        let message = index < parser.messages.count ? parser.messages[index].message : parser.open
        guard let message else { return }
        steps.append(.began(message))
        begunCount += 1
    }

    private mutating func end(upTo count: Int, _ steps: inout [Step]) {
        while endedCount < min(count, parser.messages.count) {
            begin(endedCount, &steps)
            steps.append(.ended(parser.messages[endedCount]))
            endedCount += 1
        }
    }
}
