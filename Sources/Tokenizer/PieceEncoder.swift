/// Byte-pair encoding of one piece in linear time, without recursion.
///
/// The encoding of a piece is the one sequence of tokens that spells it and whose neighbours all stay apart
/// (`VocabularyTables.staysApart`). It is searched depth first, the longest token first, and so found at once for most
/// pieces. An offset from which the search came back is not tried again: the way to an offset is unique, so what
/// follows from there is too. So each offset is left at most once, with at most as many tokens as begin there.
struct PieceEncoder {
    /// A bit for each offset of the piece from which its end cannot be reached.
    private var deadEnds: [UInt64] = []

    /// Appends the tokens of the piece from `start` to `end`.
    @inline(__always)
    mutating func append(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        _ tables: VocabularyTables,
        _ words: Span<UInt32>,
        to output: inout [UInt32]
    ) {
        let (token, found) = tables.longestMatch(text, from: start, to: end, words)
        if found == end {
            output.append(token)
        } else {
            search(text, from: start, to: end, first: token, tables, words, &output)
        }
    }

    private mutating func search(
        _ text: Span<UInt8>,
        from start: Int,
        to end: Int,
        first: UInt32,
        _ tables: VocabularyTables,
        _ words: Span<UInt32>,
        _ output: inout [UInt32]
    ) {
        deadEnds.removeAll(keepingCapacity: deadEnds.count < 1 << 10)
        deadEnds.append(contentsOf: repeatElement(0, count: (end - start) / 64 + 1))
        let floor = output.count
        var position = start
        var last = VocabularyTables.none
        var candidate = first
        while position < end {
            let next = position &+ tables.length(of: candidate, words)
            if !isDeadEnd(next &- start), last == VocabularyTables.none || tables.staysApart(last, candidate, words) {
                output.append(candidate)
                (last, position) = (candidate, next)
                if position < end { candidate = tables.longestMatch(text, from: position, to: end, words).0 }
                continue
            }
            candidate = tables.prefix(of: candidate, words)
            while candidate == VocabularyTables.none {
                // Nothing fits here: the token that led here has to be a shorter one.
                deadEnds[(position &- start) >> 6] |= 1 << UInt64((position &- start) & 63)
                precondition(output.count > floor, "a vocabulary without an encoding for \(end - start) bytes")
                output.removeLast()
                position &-= tables.length(of: last, words)
                candidate = tables.prefix(of: last, words)
                last = output.count > floor ? output[output.count &- 1] : VocabularyTables.none
            }
        }
    }

    @inline(__always)
    private func isDeadEnd(_ offset: Int) -> Bool {
        deadEnds[offset >> 6] >> UInt64(offset & 63) & 1 != 0
    }
}
