/// What a run shows to the model: its beginning as it comes, its end at the end, in bounded memory.
///
/// Whatever is given out as a delta stays true: all deltas together are the final text. Newlines at the very end are
/// not part of it.
struct Transcript {
    private let budget: OutputBudget
    /// What the head has cost; no more of it is shown once that is half of the budget.
    private var head: OutputMeter
    private var isHeadFull = false
    private var repair = TextRepair()
    /// Newlines at the end of what was given out, which more text would make part of it.
    private var newlines = ""
    /// What came after the head; the end of it, once it is longer than may be shown.
    private var tail = ""
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
    mutating func append(_ bytes: [UInt8]) -> String { add(repair.append(bytes)) }

    /// Adds a remark of ours on a line of its own, and gives what can be shown at once.
    mutating func note(_ remark: String) -> String {
        let rest = add(repair.finish())
        let isAtLineStart = isEmpty || (tail.isEmpty ? !newlines.isEmpty : tail.hasSuffix("\n"))
        return rest + add("\(isAtLineStart ? "" : "\n")[\(remark)]\n")
    }

    /// Ends the run's output, and gives what was held back of it.
    mutating func finish() -> String {
        var delta = add(repair.finish())
        guard !tail.isEmpty else { return delta }
        trimTail(to: budget.beginningOfLast(max(budget.tokensMax - head.finish(), 1), of: tail))
        if leftOutBytes > 0 {
            let line = newlines.isEmpty ? "\n" : ""
            delta += show("\(line)[… \(leftOutBytes) bytes left out: print less, or write to a file …]\n")
        }
        defer { tail = "" }
        return delta + show(tail)
    }

    /// All deltas together; after ``finish()``, the final text.
    var shown: String { text }

    private mutating func add(_ piece: String) -> String {
        var rest = piece[...]
        var shown = ""
        while !rest.isEmpty, tail.isEmpty, !isHeadFull {
            let (part, others) = rest.cut(afterBytes: Transcript.partBytesMax)
            shown += part
            rest = others
            isHeadFull = head.add(part) >= budget.tokensMax / 2
        }
        if !rest.isEmpty { keepInTail(rest) }
        return shown.isEmpty ? "" : show(shown)
    }

    /// The head may be longer than its half by this much, which then is taken from the tail.
    private static let partBytesMax = 256

    /// Gives out text less its last newlines, after those that were held back before it.
    private mutating func show(_ piece: String) -> String {
        let whole = newlines + piece
        let end = whole.unicodeScalars.lastIndex { $0 != "\n" }.map { whole.unicodeScalars.index(after: $0) }
        let delta = whole[..<(end ?? whole.startIndex)]
        newlines = String(whole[delta.endIndex...])
        text += delta
        return String(delta)
    }

    private mutating func keepInTail(_ piece: some StringProtocol) {
        tail += piece
        let bytesMax = budget.tokensMax * OutputBudget.bytesPerTokenMax
        // Trimmed when there is twice too much, so that many small pieces cost little.
        if tail.utf8.count > 2 * bytesMax { trimTail(to: tail.utf8.count - bytesMax) }
    }

    /// Leaves out the beginning of the tail, that many bytes or a few more, so that no scalar is cut.
    private mutating func trimTail(to start: Int) {
        let (dropped, kept) = tail[...].cut(afterBytes: start)
        leftOutBytes += dropped.utf8.count
        tail = String(kept)
    }
}

extension Substring {
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
