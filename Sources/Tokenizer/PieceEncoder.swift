/// Byte-pair encoding of one piece in linear time, without recursion.
///
/// The encoding of a piece is the one sequence of tokens that spells it and whose neighbors all stay apart
/// (`VocabularyTables.staysApart`). It is searched depth first, mostly the longest token first, and so found at once for
/// most pieces. An offset from which the search came back is not tried again: the way to an offset is unique, so what
/// follows from there is too. So each offset is left at most once, with at most as many tokens as begin there.
struct PieceEncoder: Sendable {
    /// A bit for each offset of the piece from which its end cannot be reached.
    private var deadEnds: [UInt64] = []
    /// How many tokens were tried in searches; what a test sees the linear time by.
    private(set) var triedCount = 0

    /// Appends the tokens of the piece from `start` to `end`.
    @inline(__always)
    mutating func append(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        by tables: VocabularyTables,
        _ words: Span<UInt32>,
        to output: inout [UInt32]
    ) {
        let (token, found) = tables.longestMatch(text, from: start, to: end, words)
        if found == end {
            output.append(token)
        } else {
            resetDeadEnds(count: end - start)
            var search = Search(tables: tables, start: start, end: end, floor: output.count, first: token)
            triedCount &+= search.run(text, words, deadEnds: &deadEnds, to: &output)
        }
    }

    private mutating func resetDeadEnds(count: Int) {
        // The space for a huge piece is given back with the next one.
        deadEnds.removeAll(keepingCapacity: deadEnds.count < 1 << 10)
        deadEnds.append(contentsOf: repeatElement(0, count: count / 64 + 1))
    }
}

/// The search for the tokens of a piece; those on the way to `position` are in the output.
private struct Search {
    let tables: VocabularyTables
    let start: Int
    let end: Int
    /// How much output there was before.
    let floor: Int
    var position: Int
    /// The token before `position`; none at the start.
    var last = VocabularyTables.none
    /// The token to be tried at `position`.
    var candidate: UInt32

    init(tables: VocabularyTables, start: Int, end: Int, floor: Int, first: UInt32) {
        self.tables = tables
        self.start = start
        self.end = end
        self.floor = floor
        position = start
        candidate = first
    }

    /// Appends the tokens, and gives how many were tried.
    mutating func run(
        _ text: Span<UInt8>,
        _ words: Span<UInt32>,
        deadEnds: inout [UInt64],
        to output: inout [UInt32]
    ) -> Int {
        var triedCount = 0
        while position < end {
            triedCount &+= 1
            let next = position &+ tables.length(of: candidate, words)
            let (index, bit) = place(of: next)
            if deadEnds[index] & bit == 0,
                last == VocabularyTables.none || tables.staysApart(last, from: candidate, words)
            {
                output.append(candidate)
                (last, position) = (candidate, next)
                if position < end, !isRepeated(text, words) {
                    candidate = tables.longestMatch(text, from: position, to: end, words).0
                }
                continue
            }
            candidate = candidate(after: candidate, text, words)
            while candidate == VocabularyTables.none {
                // Nothing fits here: the token that led here has to be another one.
                guard output.count > floor else {
                    appendBytes(text, words, to: &output)
                    return triedCount
                }
                let (index, bit) = place(of: position)
                deadEnds[index] |= bit
                let failed = output.removeLast()
                position &-= tables.length(of: failed, words)
                last = output.count > floor ? output[output.count &- 1] : VocabularyTables.none
                candidate = candidate(after: failed, text, words)
            }
        }
        return triedCount
    }

    /// Appends single bytes, for which there always are tokens: no merges that are any lead here, but forged ones do.
    private func appendBytes(_ text: Span<UInt8>, _ words: Span<UInt32>, to output: inout [UInt32]) {
        for offset in start..<end {
            output.append(tables.longestMatch(text, from: offset, to: offset + 1, words).0)
        }
    }

    /// What is to be tried next at `position`: the token before it if it is repeated, since in a run that is mostly what
    /// comes; then the longest, and its prefixes.
    @inline(__always)
    private func candidate(after failed: UInt32, _ text: Span<UInt8>, _ words: Span<UInt32>) -> UInt32 {
        let next =
            failed == last
            ? tables.longestMatch(text, from: position, to: end, words).0 : tables.prefix(of: failed, words)
        return next == last && next != VocabularyTables.none ? tables.prefix(of: next, words) : next
    }

    /// Whether the token before `position` is also what the text goes on with.
    @inline(__always)
    private func isRepeated(_ text: Span<UInt8>, _ words: Span<UInt32>) -> Bool {
        let length = tables.length(of: last, words)
        guard position &+ length <= end else { return false }
        var index = position
        while index < position &+ length, text[index] == text[index &- length] { index &+= 1 }
        return index == position &+ length
    }

    @inline(__always)
    private func place(of offset: Int) -> (index: Int, bit: UInt64) {
        let offset = offset &- start
        return (offset >> 6, 1 << UInt64(offset & 63))
    }
}
