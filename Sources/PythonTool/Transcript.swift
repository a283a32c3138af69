internal import MCP

/// What a run shows to the model: its beginning as it comes, its end at the end, in bounded memory.
///
/// Whatever is given out as a delta stays true: all deltas together are the final text, and their ids are its tokens, each
/// made once. Newlines at the very end are not part of it. What comes after the head is only kept, and becomes text at the
/// end: a flood costs what copying it costs, whatever its bytes are.
struct Transcript {
    private let budget: OutputBudget
    /// The tokens of what was given out; nil where none can be counted.
    private var tokens: ShownTokens?
    /// What the head has, in bytes; no more of it is shown once it costs half of the budget.
    private var headBytes = 0
    private var isHeadFull = false
    private var decoder = OutputDecoder()
    /// Newlines at the end of what was given out, which more text would make part of it.
    private var newlines = ""
    /// What came after the head, as it came; the end of it, once it is longer than may be shown.
    private var tail: [UInt8] = []
    private var leftOutBytes = 0
    /// All deltas together; after ``finish()``, the final text.
    private(set) var shown = ""

    /// Shows what `budget` allows, half of it from the beginning.
    init(_ budget: OutputBudget) {
        self.budget = budget
        tokens = budget.encoding.map { ShownTokens($0) }
    }

    /// Whether nothing was written.
    var isEmpty: Bool { shown.isEmpty && newlines.isEmpty && tail.isEmpty }
    /// Whether something had to be left out.
    var isCut: Bool { leftOutBytes > 0 }

    /// Adds what the run wrote, and gives what can be shown at once.
    mutating func append(_ bytes: [UInt8]) -> ToolOutput {
        var rest = bytes[...]
        var output = nothing
        while !rest.isEmpty, !isHeadFull {
            output += addToHead(decoder.append(rest.prefix(Transcript.partBytesMax)))
            rest = rest.dropFirst(Transcript.partBytesMax)
        }
        if !rest.isEmpty { keepInTail(decoder.takePending() + rest) }
        return output
    }

    /// Adds a remark of ours on a line of its own, and gives what can be shown at once.
    mutating func note(_ remark: String) -> ToolOutput {
        let rest = endCharacter()
        let isAtLineStart =
            isEmpty || (tail.isEmpty ? !newlines.isEmpty : tail.last == UInt8(ascii: "\n"))
        return rest + append(Array("\(isAtLineStart ? "" : "\n")[\(remark)]\n".utf8))
    }

    /// Ends the run's output, and gives what was held back of it, and the rest of the ids.
    mutating func finish() -> ToolOutput {
        var output = endCharacter()
        if !tail.isEmpty { output += showTail() }
        return output + ToolOutput(text: "", ids: tokens?.finish())
    }

    /// The head may be longer than its half by this much, which then is taken from the tail.
    private static let partBytesMax = 256

    private var nothing: ToolOutput { ToolOutput(text: "", ids: tokens == nil ? nil : []) }

    private mutating func addToHead(_ part: String) -> ToolOutput {
        headBytes += part.utf8.count
        let output = show(part)
        isHeadFull = max(tokens?.count ?? 0, headBytes / budget.bytesPerToken) >= budget.tokensMax / 2
        return output
    }

    /// Shows a character that was never finished, as nothing of it comes any more.
    private mutating func endCharacter() -> ToolOutput {
        let unfinished = decoder.takePending()
        return unfinished.isEmpty ? nothing : addToHead(OutputDecoder.text(of: unfinished[...]))
    }

    /// Gives out text less its last newlines, after those that were held back before it.
    private mutating func show(_ piece: String) -> ToolOutput {
        guard !piece.isEmpty else { return nothing }
        let whole = newlines + piece
        let delta = whole.withoutLastNewlines
        newlines = String(whole[delta.endIndex...])
        return give(String(delta))
    }

    private mutating func give(_ delta: String) -> ToolOutput {
        shown += delta
        return ToolOutput(text: delta, ids: tokens?.feed(delta))
    }

    private mutating func keepInTail(_ piece: [UInt8]) {
        tail += piece
        let bytesMax = budget.tokensMax * budget.bytesPerToken
        // Trimmed when there is twice too much, so that many small pieces cost little.
        guard tail.count > 2 * bytesMax else { return }
        leftOutBytes += tail.count - bytesMax
        tail.removeFirst(tail.count - bytesMax)
    }
}

// The tail, once nothing more comes.
extension Transcript {
    /// Shows the end of the tail that may be shown, after a line that counts what is before it.
    private mutating func showTail() -> ToolOutput {
        defer { tail = [] }
        let text = textOfTail()
        let headCount = tokens?.countAtEnd ?? 0
        let left = max(budget.tokensMax - max(headCount, headBytes / budget.bytesPerToken), 1)
        let bytesMax = left * budget.bytesPerToken
        guard let tokens else { return showEnd(of: text, from: text.utf8.count - bytesMax) }
        guard leftOutBytes == 0, text.utf8.count <= bytesMax else {
            let end = String(text.cut(afterBytes: text.utf8.count - bytesMax).rest.withoutLastNewlines)
            return showEnd(of: text, end, ids: tokens.ids(of: end), countMax: left)
        }
        // Mostly all of it may be shown; if not, it goes on from before.
        let before = self
        var output = show(text)
        let rest = self.tokens?.finish() ?? []
        if (self.tokens?.count ?? 0) - headCount <= left { return output + ToolOutput(text: "", ids: rest) }
        self = before
        output += ToolOutput(text: "", ids: rest)
        return showEnd(of: text, output.text, ids: output.ids ?? [], countMax: left)
    }

    /// Shows the last `countMax` or so of the `ids` of `end`, which is the end of `text` less its last newlines, or all of
    /// it after the newlines that were held back.
    private mutating func showEnd(of text: String, _ end: String, ids: [UInt32], countMax: Int) -> ToolOutput {
        let newlinesCount = text.utf8.count - text.withoutLastNewlines.utf8.count
        let dropped = text.utf8.count - newlinesCount - end.utf8.count
        guard ids.count > countMax || dropped > 0 || leftOutBytes > 0, var tokens else { return show(text) }
        guard let first = tokens.end(of: end, ids: ids, countMax: countMax) else {
            // One long piece, say. It is cut within, and what is left is another text with other tokens.
            return showEnd(of: text, from: dropped + tokens.bytes(before: ids.count - countMax, in: end, ids: ids))
        }
        let line = cutLine(after: dropped + first.firstByte)
        // The line ends a piece, and what follows begins one.
        let output = give(newlines + line)
        newlines = ""
        tokens = self.tokens ?? tokens
        let lineRest = tokens.finish()
        let kept = String(end.cut(afterBytes: first.firstByte).rest)
        let keptIDs = ids[first.firstID...]
        tokens.append(keptIDs)
        self.tokens = tokens
        shown += kept
        return output + ToolOutput(text: kept, ids: lineRest + keptIDs)
    }

    /// Shows `text` from the byte `start` on; all of it where that is before its beginning.
    private mutating func showEnd(of text: String, from start: Int) -> ToolOutput {
        let (dropped, kept) = text.cut(afterBytes: max(start, 0))
        guard !dropped.isEmpty || leftOutBytes > 0 else { return show(text) }
        return show(cutLine(after: dropped.utf8.count) + kept)
    }

    /// The line that says how much is left out, the first `count` bytes of the tail's text included.
    private mutating func cutLine(after count: Int) -> String {
        leftOutBytes += OutputDecoder.sourceCount(of: tail, textCount: count)
        let line = newlines.isEmpty ? "\n" : ""
        return "\(line)[… \(leftOutBytes) bytes left out: print less, or write to a file …]\n"
    }

    private mutating func textOfTail() -> String {
        if leftOutBytes > 0 {
            // The rest of a character whose beginning is gone is no mistake of the program's.
            let rest = tail.prefix(3).prefix { $0 & 0b1100_0000 == 0b1000_0000 }.count
            leftOutBytes += rest
            tail.removeFirst(rest)
        }
        return OutputDecoder.text(of: tail[...])
    }
}

extension ToolOutput {
    /// Both, one after the other.
    static func + (first: ToolOutput, second: ToolOutput) -> ToolOutput {
        ToolOutput(text: first.text + second.text, ids: first.ids.map { $0 + (second.ids ?? []) })
    }

    /// Appends `next`.
    static func += (output: inout ToolOutput, next: ToolOutput) { output = output + next }
}

extension StringProtocol where SubSequence == Substring {
    /// The text less the newlines at its end.
    fileprivate var withoutLastNewlines: Substring {
        self[..<(unicodeScalars.lastIndex { $0 != "\n" }.map { unicodeScalars.index(after: $0) } ?? startIndex)]
    }
}

extension String {
    /// The first `count` bytes or a little fewer, so that no scalar is cut, and the rest.
    fileprivate func cut(afterBytes count: Int) -> (head: Substring, rest: Substring) {
        guard count > 0 else { return (self[..<startIndex], self[...]) }
        guard let limit = utf8.index(startIndex, offsetBy: count, limitedBy: endIndex) else {
            return (self[...], self[endIndex...])
        }
        var index = limit
        while index < endIndex, utf8[index] & 0b1100_0000 == 0b1000_0000 { index = utf8.index(before: index) }
        return (self[..<index], self[index...])
    }
}
