/// What a run shows to the model: its beginning as it comes, its end at the end, in bounded memory.
///
/// Whatever is given out as a delta stays true: all deltas together are the final text. Newlines at the very end are
/// not part of it. What comes after the head is only kept, and becomes text at the end: a flood costs what copying it
/// costs, whatever its bytes are.
struct Transcript {
    private let budget: OutputBudget
    /// What the head has cost; no more of it is shown once that is half of the budget.
    private var head: OutputMeter
    private var isHeadFull = false
    private var repair = TextRepair()
    /// Newlines at the end of what was given out, which more text would make part of it.
    private var newlines = ""
    /// What came after the head, as it came; the end of it, once it is longer than may be shown.
    private var tail: [UInt8] = []
    private var leftOutBytes = 0
    private var text = ""

    /// Shows what `budget` allows, half of it from the beginning.
    init(_ budget: OutputBudget) {
        self.budget = budget
        head = OutputMeter(budget.encoding)
    }

    /// Whether nothing was written.
    var isEmpty: Bool { text.isEmpty && newlines.isEmpty && tail.isEmpty }
    /// Whether something had to be left out.
    var isCut: Bool { leftOutBytes > 0 }

    /// Adds what the run wrote, and gives what can be shown at once.
    mutating func append(_ bytes: [UInt8]) -> String {
        var rest = bytes[...]
        var shown = ""
        while !rest.isEmpty, !isHeadFull {
            shown += addToHead(repair.append(rest.prefix(Transcript.partBytesMax)))
            rest = rest.dropFirst(Transcript.partBytesMax)
        }
        if !rest.isEmpty { keepInTail(repair.takeUnfinished() + rest) }
        return show(shown)
    }

    /// Adds a remark of ours on a line of its own, and gives what can be shown at once.
    mutating func note(_ remark: String) -> String {
        let rest = endCharacter()
        let isAtLineStart =
            isEmpty || (tail.isEmpty ? !newlines.isEmpty : tail.last == UInt8(ascii: "\n"))
        return rest + append(Array("\(isAtLineStart ? "" : "\n")[\(remark)]\n".utf8))
    }

    /// Ends the run's output, and gives what was held back of it.
    mutating func finish() -> String {
        var delta = endCharacter()
        guard !tail.isEmpty else { return delta }
        let kept = textOfTail()
        if leftOutBytes > 0 {
            let line = newlines.isEmpty ? "\n" : ""
            delta += show("\(line)[… \(leftOutBytes) bytes left out: print less, or write to a file …]\n")
        }
        return delta + show(kept)
    }

    /// All deltas together; after ``finish()``, the final text.
    var shown: String { text }

    /// The head may be longer than its half by this much, which then is taken from the tail.
    private static let partBytesMax = 256

    private mutating func addToHead(_ part: String) -> String {
        isHeadFull = head.add(part[...]) >= budget.tokensMax / 2
        return part
    }

    /// Shows a character that was never finished, as nothing of it comes any more.
    private mutating func endCharacter() -> String {
        let unfinished = repair.takeUnfinished()
        guard !unfinished.isEmpty else { return "" }
        return show(addToHead(TextRepair.text(of: unfinished[...])))
    }

    /// Gives out text less its last newlines, after those that were held back before it.
    private mutating func show(_ piece: String) -> String {
        guard !piece.isEmpty else { return "" }
        let whole = newlines + piece
        let end = whole.unicodeScalars.lastIndex { $0 != "\n" }.map { whole.unicodeScalars.index(after: $0) }
        let delta = whole[..<(end ?? whole.startIndex)]
        newlines = String(whole[delta.endIndex...])
        text += delta
        return String(delta)
    }

    private mutating func keepInTail(_ piece: [UInt8]) {
        tail += piece
        let bytesMax = budget.tokensMax * OutputBudget.bytesPerTokenMax
        // Trimmed when there is twice too much, so that many small pieces cost little.
        guard tail.count > 2 * bytesMax else { return }
        leftOutBytes += tail.count - bytesMax
        tail.removeFirst(tail.count - bytesMax)
    }

    /// Takes the end of the tail that may be shown as text, and counts what is before it.
    private mutating func textOfTail() -> String {
        defer { tail = [] }
        if leftOutBytes > 0 {
            // The rest of a character whose beginning is gone is no mistake of the program's.
            let rest = tail.prefix(3).prefix { $0 & 0b1100_0000 == 0b1000_0000 }.count
            leftOutBytes += rest
            tail.removeFirst(rest)
        }
        let whole = TextRepair.text(of: tail[...])
        let start = budget.beginningOfLast(max(budget.tokensMax - head.finish(), 1), of: whole)
        let (dropped, kept) = whole.cut(afterBytes: start)
        leftOutBytes += TextRepair.sourceCount(of: tail, textCount: dropped.utf8.count)
        return String(kept)
    }
}

extension String {
    /// The first `count` bytes or a little fewer, so that no scalar is cut, and the rest.
    fileprivate func cut(afterBytes count: Int) -> (head: Substring, rest: Substring) {
        guard let limit = utf8.index(startIndex, offsetBy: count, limitedBy: endIndex) else {
            return (self[...], self[endIndex...])
        }
        var index = limit
        while index < endIndex, utf8[index] & 0b1100_0000 == 0b1000_0000 { index = utf8.index(before: index) }
        return (self[..<index], self[index...])
    }
}
